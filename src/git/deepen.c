/*
 * More history for a shallow clone, with the git program: credentials, proxies and protocols are
 * its own.
 *
 * What is wanted is named by commit. A fetch of branches alone would not deepen the history of a
 * HEAD that no branch has, such as the merge commit that a CI system makes of a change. A server
 * that refuses to be asked for commits is asked for its branches.
 */
#include "internal.h"

#include "program.h"

/** How many commits more each step fetches; behind them, all. */
static const unsigned step_commits[] = {50, 500, 5000};

/** Most words of a fetch. */
enum { MAX_WORDS = 16 };

/** A server that has stopped sending is given up after this long. */
static const char *const settings[] = {"http.lowSpeedLimit=1", "http.lowSpeedTime=60",
                                       "fetch.recurseSubmodules=false", NULL};

/* A step of some thousand commits takes seconds, all history of a large project minutes. */
#define TIMEOUT_NS UINT64_C(600000000000)

/** One fetch being put together. */
struct fetch {
    struct pw_git *git;
    const struct pw_git_deepening *deepening;
    struct pw_arena arena;
    const char *remote;
    const char *words[MAX_WORDS + 1];
    size_t count;
};

static void add(struct fetch *fetch, const char *word)
{
    if (word != NULL && fetch->count < MAX_WORDS) {
        fetch->words[fetch->count++] = word;
    }
}

static int run(struct fetch *fetch, struct pw_error *err)
{
    const struct pw_git *git = fetch->git;
    const struct pw_git_program program = {
        .directory = git->workdir != NULL ? git->workdir : git->common,
        .arguments = fetch->words,
        .settings = settings,
        .interrupted = fetch->deepening->interrupted,
        .timeout_ns = TIMEOUT_NS,
    };

    fetch->words[fetch->count] = NULL;
    return pw_git_program_run(&program, err);
}

static int find_remote(struct fetch *fetch, struct pw_error *err)
{
    struct pw_strbuf name = PW_STRBUF_INIT;
    int status = pw_git_upstream(fetch->git, &name, err);

    if (status == PW_OK && name.length == 0) {
        status = pw_error_set(err, PW_EGIT,
                              "there is no remote 'origin' to fetch more history from; add one "
                              "with 'git remote add origin URL'");
    } else if (status == PW_OK) {
        fetch->remote = pw_arena_strdup(&fetch->arena, pw_strbuf_text(&name));
        status = fetch->remote == NULL ? pw_error_set_no_memory(err) : PW_OK;
    }
    pw_strbuf_release(&name);
    return status;
}

static void begin(struct fetch *fetch, const char *depth)
{
    fetch->count = 0;
    add(fetch, "fetch");
    add(fetch, "--quiet");
    if (fetch->deepening->wants_tags) {
        add(fetch, "--tags");
    }
    add(fetch, depth);
    add(fetch, fetch->remote);
}

/* @return NULL when out of memory */
static const char *branch_refspec(struct fetch *fetch)
{
    return pw_arena_printf(&fetch->arena, "+refs/heads/%s:refs/remotes/%s/%s",
                           fetch->deepening->branch, fetch->remote, fetch->deepening->branch);
}

static bool has_branch(const struct fetch *fetch)
{
    const char *name = pw_arena_printf((struct pw_arena *)&fetch->arena, "refs/remotes/%s/%s",
                                       fetch->remote, fetch->deepening->branch);
    git_oid tip;

    return name != NULL && git_reference_name_to_id(&tip, fetch->git->repository, name) == 0;
}

/*
 * A branch that is not here at all. Asked to deepen, a server would send all of its history: it
 * gets a depth of its own.
 */
static int fetch_branch(struct fetch *fetch, const char *depth, struct pw_error *err)
{
    const char *refspec = branch_refspec(fetch);

    if (refspec == NULL) {
        return pw_error_set_no_memory(err);
    }
    begin(fetch, depth);
    add(fetch, refspec);
    return run(fetch, err);
}

/* HEAD, the branch and the commit that is asked for, each further back. */
static int fetch_history(struct fetch *fetch, const char *depth, struct pw_error *err)
{
    const struct pw_git_deepening *deepening = fetch->deepening;
    struct pw_error refusal = PW_ERROR_INIT;
    char head[PW_OID_SIZE];
    git_oid id;

    const int code = git_reference_name_to_id(&id, fetch->git->repository, "HEAD");
    if (code != 0) {
        return pw_git_fail(err, code, "cannot read HEAD");
    }
    git_oid_tostr(head, sizeof(head), &id);
    begin(fetch, depth);
    add(fetch, head);
    add(fetch, deepening->commit);
    if (deepening->branch != NULL) {
        const char *refspec = branch_refspec(fetch);
        if (refspec == NULL) {
            return pw_error_set_no_memory(err);
        }
        add(fetch, refspec);
    }
    int status = run(fetch, &refusal);
    if (status == PW_EGIT) {
        begin(fetch, depth);
        status = run(fetch, err);
    } else if (status != PW_OK) {
        pw_error_move(err, &refusal);
    }
    pw_error_release(&refusal);
    return status;
}

/* The options are "--deepen=50" and "--depth=50", behind the last step "--unshallow" and none. */
static int fetch_step(struct fetch *fetch, bool is_shallow, bool is_last, struct pw_error *err)
{
    const struct pw_git_deepening *deepening = fetch->deepening;
    const char *deepen = "--unshallow";
    const char *depth = NULL;
    int status = PW_OK;

    if (is_shallow && !is_last) {
        const unsigned commits = step_commits[deepening->step];
        deepen = pw_arena_printf(&fetch->arena, "--deepen=%u", commits);
        depth = pw_arena_printf(&fetch->arena, "--depth=%u", commits);
        if (deepen == NULL || depth == NULL) {
            return pw_error_set_no_memory(err);
        }
    }
    if (deepening->branch != NULL && !has_branch(fetch)) {
        status = fetch_branch(fetch, depth, err);
    }
    /* a complete clone has nothing to deepen, and git calls it a mistake */
    if (status == PW_OK && is_shallow) {
        status = fetch_history(fetch, deepen, err);
    } else if (status == PW_OK && deepening->wants_tags) {
        begin(fetch, NULL);
        status = run(fetch, err);
    }
    return status;
}

int pw_git_deepen(struct pw_git *git, const struct pw_git_deepening *deepening, bool *is_complete,
                  struct pw_error *err)
{
    struct fetch fetch = {.git = git, .deepening = deepening};
    const bool is_shallow = pw_git_is_shallow(git);
    const bool is_last = deepening->step >= PW_COUNT(step_commits);
    int status = find_remote(&fetch, err);

    if (status == PW_OK) {
        status = fetch_step(&fetch, is_shallow, is_last, err);
        if (status == PW_EGIT) {
            (void)pw_error_prefix(err, "cannot fetch more history: ");
        }
    }
    if (status == PW_OK) {
        *is_complete = is_last || !pw_git_is_shallow(git);
    }
    pw_arena_release(&fetch.arena);
    return status;
}
