/*
 * What perfwarden and its launcher say to each other over a stream socket.
 *
 * perfwarden sends requests: "execute" with the write ends of two pipes and a payload of strings,
 * or "stop". The launcher answers each "execute" with one reply. Both ends are one program on one
 * machine, so the structures travel as they are; `magic` only catches our own mistakes.
 */
#ifndef PERFWARDEN_RUN_PROTOCOL_H
#define PERFWARDEN_RUN_PROTOCOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PW_RUN_MAGIC UINT32_C(0x70776c31)
/** Largest payload: well over what any kernel lets exec take. */
#define PW_RUN_PAYLOAD_MAX ((uint64_t)16 << 20)

enum pw_run_request_kind {
    PW_RUN_EXECUTE = 1, /**< start the command of the payload and supervise it */
    PW_RUN_STOP = 2     /**< end the command that runs; without effect when none does */
};

/** The payload is a row of NUL-terminated strings: cwd, path, argc arguments, envc variables. */
struct pw_run_request {
    uint32_t magic;
    uint32_t kind;
    uint32_t argc;
    uint32_t envc;
    uint64_t payload_bytes;
    uint64_t timeout_ns;         /**< 0 for none */
    uint64_t memory_limit_bytes; /**< 0 for none */
};

/** The numbers of a struct pw_process_outcome, and what could not be ended. */
struct pw_run_reply {
    uint32_t magic;
    int32_t end;
    int32_t exit_status;
    int32_t signal;
    int32_t failed_step;
    int32_t error_number;
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
    uint32_t has_io;
    uint32_t survivors_ended;
    uint32_t still_alive; /**< processes that SIGKILL did not end in time */
};

/** Send all bytes. @return false when the other end is gone or the system refuses; errno says which
 */
bool pw_run_send(int socket, const void *data, size_t length);
/** Receive exactly this many bytes. @return false at the end of the stream or on an error */
bool pw_run_receive(int socket, void *data, size_t length);

/** Send a request's fixed part, with two descriptors for PW_RUN_EXECUTE. @param fds NULL for none
 */
bool pw_run_send_request(int socket, const struct pw_run_request *request, const int fds[2]);
/**
 * Receive a request's fixed part.
 *
 * @param[out] fds  two close-on-exec descriptors, owned by the caller, −1 where none came
 * @return false at the end of the stream, on an error, or when it is no request
 */
bool pw_run_receive_request(int socket, struct pw_run_request *request, int fds[2]);

#endif
