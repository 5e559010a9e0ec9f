/*
 * --shard: which part of the suite this job runs. shard.c cuts, shard_choice.c reads the command
 * line and the CI system's variables, shard_times.c finds out how long benchmarks take.
 */
#ifndef PERFWARDEN_CLI_SHARD_H
#define PERFWARDEN_CLI_SHARD_H

#include "cli.h"
#include "perfwarden/result/shard.h"
#include "perfwarden/run/shard.h"
#include "project.h"

/** Which of how many. */
struct pw_shard_choice {
    unsigned index;     /**< from 1; meaningful with count */
    unsigned count;     /**< 0 for the whole suite */
    const char *system; /**< whose variables said so; NULL for the command line */
};

/**
 * What --shard says, else what the CI system's variables do.
 *
 * GitLab counts from 1, Buildkite and CircleCI from 0, a Slurm array as it pleases. One job alone
 * is no shard.
 *
 * @param word      of --shard: "K/N", "auto", "none"; NULL for auto
 * @param variable  reads the environment
 * @return 0; PW_EUSAGE naming the option or the variable
 */
int pw_shard_choose(const char *word, pw_getenv_fn variable, struct pw_shard_choice *out,
                    struct pw_error *err) PW_MUST_CHECK;

/** What the times of the benchmarks are taken from, and for what. */
struct pw_shard_scene {
    const char *base; /**< whose stored sessions, and those of its ancestors, tell; NULL for none */
    const char *head; /**< sessions recorded after it was committed tell nothing; NULL for none */
    unsigned runs_min; /**< of --runs; 0 for what the configuration says */
    unsigned runs_max;
    bool is_paired; /**< each run is a pair */
};

/**
 * How long each benchmark of a configuration will take, by the nearest sessions, of whatever
 * environment.
 *
 * Only sessions that were recorded before head was committed count: so shards that start at
 * different times, or again, know the same although baselines are added meanwhile.
 *
 * @param loads  one for each benchmark, their times 0; those that are known are filled in
 * @return 0, also when nothing is known; PW_EINTERRUPTED; PW_ENOMEM
 */
int pw_shard_find_times(struct pw_project *project, const struct pw_shard_scene *scene,
                        struct pw_run_load *loads, struct pw_error *err) PW_MUST_CHECK;

/**
 * Cut the selected benchmarks, and leave in the project's configuration those of this shard.
 *
 * Nothing is done for a whole suite.
 *
 * @return 0; PW_EUSAGE when the filters select nothing; PW_EINTERRUPTED; PW_ENOMEM
 */
int pw_shard_cut(const struct pw_arguments *arguments, const struct pw_shard_choice *choice,
                 const struct pw_shard_scene *scene, struct pw_project *project,
                 struct pw_error *err) PW_MUST_CHECK;

/** Mark in a configuration what another one that declares the same has marked. @return 0;
 * PW_ENOMEM */
int pw_shard_mark_like(const struct pw_config *like, struct pw_config *config,
                       struct pw_error *err) PW_MUST_CHECK;

/** True for a shard that has nothing to run, as there are more of them than benchmarks. */
bool pw_shard_is_empty(const struct pw_shard *shard);

/** Gated comparisons that other shards make; e-BH has to know of them. */
size_t pw_shard_count_elsewhere(const struct pw_config *config, const struct pw_words *filters);

/** "shard 2 of 4: 3 of 10 benchmarks, about 12.3 s" for the plan, with whose variables said so. */
void pw_shard_describe(const struct pw_project *project, struct pw_strbuf *out);

/** Whether what was saved is of the same shard as what is to be run now. @return 0; PW_EUSAGE */
int pw_shard_check_saved(const struct pw_shard *now, const struct pw_shard *saved, const char *name,
                         struct pw_error *err) PW_MUST_CHECK;

#endif
