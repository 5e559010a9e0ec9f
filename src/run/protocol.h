/*
 * What perfwarden and its launcher say to each other over a stream socket.
 *
 * perfwarden sends requests: "pipes" with the write ends of two pipes, which a copy's output goes
 * into from then on; "execute" and a payload of strings; or "stop". The launcher answers each
 * "execute" with one reply a copy, or one a run of a series, the last of them marked. Two commands
 * of a pair come as one message, the second "execute" right behind the first one's payload: so both
 * have arrived before the first is run. The first is run into the pipes of copy 0 and the second,
 * if the first exits with 0, into those of copy 1; the reply to the last that was run is marked.
 * Both ends are one program on one machine, so the structures travel as they are; `magic` only
 * catches our own mistakes.
 */
#ifndef PERFWARDEN_RUN_PROTOCOL_H
#define PERFWARDEN_RUN_PROTOCOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "counters.h"
#include "perfwarden/util/strbuf.h"

#define PW_RUN_MAGIC UINT32_C(0x70776c31)
/** Largest payload: well over what any kernel lets exec take. */
#define PW_RUN_PAYLOAD_MAX ((uint64_t)16 << 20)

enum pw_run_request_kind {
    PW_RUN_EXECUTE = 1, /**< start the command of the payload and supervise it */
    PW_RUN_STOP = 2,    /**< end the command that runs; without effect when none does */
    PW_RUN_PIPES = 3    /**< brings the pipes of copy number `copies`, from 0 */
};

/** Processors that can be pinned to: the most that the kernel is built for in practice. */
enum { PW_RUN_CPUS_MAX = 1024 };

/** Bits of struct pw_run_request::flags. */
enum pw_run_flag {
    PW_RUN_PINNED = 1,          /**< `cpus` is meant */
    PW_RUN_ISOLATE_NETWORK = 2, /**< a private network namespace */
    PW_RUN_WANTS_COUNTERS = 4,  /**< the processor's counters */
    PW_RUN_FIXED_ADDRESSES = 8, /**< no randomised address space */
    PW_RUN_WANTS_IO = 16,       /**< the bytes read and written */
    PW_RUN_FIRST_OF_PAIR = 32   /**< another "execute" follows the payload, of the same pair */
};

/** struct pw_run_request::iteration_index when there is no such variable. */
#define PW_RUN_NO_ITERATION UINT32_MAX
/** Digits at the end of PERFWARDEN_METRICS that become the iteration in each run of a series. */
#define PW_RUN_METRICS_DIGITS 10

/**
 * The payload is a row of NUL-terminated strings: cwd, path, standard input ("" for none), argc
 * arguments, envc variables.
 */
struct pw_run_request {
    uint32_t magic;
    uint32_t kind;
    uint32_t argc;
    uint32_t envc;
    uint64_t payload_bytes;
    uint64_t timeout_ns;                 /**< 0 for none */
    uint64_t memory_limit_bytes;         /**< 0 for none */
    double cpu_limit;                    /**< 0 for none */
    uint32_t copies;                     /**< how many at once, from 1 to PW_COPIES_MAX */
    uint32_t runs;                       /**< how many one after the other; 1 with copies */
    uint64_t series_ns;                  /**< no further run of a series is started after this */
    uint32_t iteration_index;            /**< of PERFWARDEN_ITERATION among the variables */
    uint32_t metrics_index;              /**< of PERFWARDEN_METRICS, likewise */
    uint32_t iteration;                  /**< its value in the first run of a series */
    uint32_t flags;                      /**< set of enum pw_run_flag */
    uint64_t cpus[PW_RUN_CPUS_MAX / 64]; /**< processor i is bit i % 64 of number i / 64 */
};

/** By which means something was enforced. */
enum pw_run_method {
    PW_RUN_BY_NOTHING,
    PW_RUN_BY_CGROUP2,
    PW_RUN_BY_CGROUP1,
    PW_RUN_BY_RLIMIT,   /**< a limit on each process, and looking at all of them */
    PW_RUN_BY_SUBREAPER /**< killing and reaping until nobody is left */
};

/** The numbers of a struct pw_process_outcome, and what could not be ended. */
struct pw_run_reply {
    uint32_t magic;
    int32_t end;
    int32_t exit_status;
    int32_t signal;
    int32_t failed_step;
    int32_t error_number;
    uint32_t refusal; /**< enum pw_run_refusal */
    uint64_t wall_ns;
    uint64_t user_ns;
    uint64_t system_ns;
    uint64_t max_rss_bytes;
    uint64_t page_faults_minor;
    uint64_t page_faults_major;
    uint64_t context_switches_voluntary;
    uint64_t context_switches_involuntary;
    uint64_t io_read_bytes;
    uint64_t io_write_bytes;
    uint64_t tree_peak_bytes;
    uint64_t network_bytes;
    uint64_t throttled_ns;
    uint64_t all_wall_ns; /**< from the first copy's start to the last copy's end */
    uint32_t has_tree_peak;
    uint32_t has_network;
    uint32_t memory_method; /**< enum pw_run_method */
    uint32_t cpu_method;
    uint32_t ending_method;
    uint32_t has_io;
    uint32_t survivors_ended;
    uint32_t is_last;                      /**< no further reply to this request follows */
    struct pw_run_counter_values counters; /**< present only with PW_RUN_WANTS_COUNTERS */
    uint32_t still_alive;                  /**< processes that SIGKILL did not end in time */
};

/** Send all bytes. @return false when the other end is gone or the system refuses; errno says which
 */
bool pw_run_send(int socket, const void *data, size_t length);
/** Receive exactly this many bytes. @return false at the end of the stream or on an error */
bool pw_run_receive(int socket, void *data, size_t length);

/**
 * Send a request's fixed part.
 *
 * @param fds      two descriptors for PW_RUN_PIPES; NULL for none
 * @param payload  sent behind it in the same call, for the launcher then wakes once; NULL for none
 */
bool pw_run_send_request(int socket, const struct pw_run_request *request, const int fds[2],
                         const struct pw_strbuf *payload);
/**
 * Receive a request's fixed part.
 *
 * @param[out] fds  two close-on-exec descriptors, owned by the caller, −1 where none came
 * @return false at the end of the stream, on an error, or when it is no request
 */
bool pw_run_receive_request(int socket, struct pw_run_request *request, int fds[2]);

#endif
