/* A command laid out as the launcher wants it. */
#ifndef PERFWARDEN_RUN_REQUEST_H
#define PERFWARDEN_RUN_REQUEST_H

#include "perfwarden/run.h"
#include "perfwarden/util/strbuf.h"
#include "protocol.h"

/**
 * Write a request and its payload.
 *
 * @param path  of the program, resolved
 * @param[out] request  complete
 * @param[in,out] payload  empty; memory failure is remembered by the buffer
 * @return 0, or the errno of what cannot be asked for; @param[out] refusal  then says what it is
 */
int pw_run_request_write(const struct pw_process_spec *spec, const char *path, unsigned copies,
                         struct pw_run_request *request, struct pw_strbuf *payload,
                         uint32_t *refusal);

/**
 * Ask for a series: the same command several times, one after the other.
 *
 * @param iteration  value of PERFWARDEN_ITERATION in the first run
 */
void pw_run_request_repeat(struct pw_run_request *request, const struct pw_process_spec *spec,
                           unsigned runs, uint64_t series_ns, unsigned iteration);

/**
 * Make two commands a pair: one message, to be sent as `first` with `payload`.
 *
 * @param[in,out] payload  of the first; receives the second request and its payload
 */
void pw_run_request_follow(struct pw_run_request *first, struct pw_strbuf *payload,
                           const struct pw_run_request *second,
                           const struct pw_strbuf *second_payload);

#endif
