/* Reading a stream of unknown size: bytes and lines, each bounded, with the line they are on. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "portable.h"

int pw_input_init(struct pw_input *input, int fd, const char *name, struct pw_error *err)
{
    *input = (struct pw_input){.fd = fd, .name = name, .line = 1};
    input->chunk = malloc(PW_INPUT_CHUNK_BYTES);
    return input->chunk == NULL ? pw_error_set_no_memory(err) : PW_OK;
}

void pw_input_release(struct pw_input *input)
{
    free(input->chunk);
    input->chunk = NULL;
}

int pw_input_fill(struct pw_input *input, size_t wanted, struct pw_error *err)
{
    if (input->filled - input->at >= wanted) {
        return PW_OK;
    }
    memmove(input->chunk, input->chunk + input->at, input->filled - input->at);
    input->filled -= input->at;
    input->at = 0;
    while (!input->has_ended && input->filled < wanted) {
        if (input->interrupted != NULL && *input->interrupted != 0) {
            return pw_error_set(err, PW_EINTERRUPTED, "interrupted; nothing was stored");
        }
        const ssize_t got =
            read(input->fd, input->chunk + input->filled, PW_INPUT_CHUNK_BYTES - input->filled);
        if (got < 0 && errno != EINTR) {
            return pw_error_set_errno(err, errno, "cannot read '%s'", input->name);
        }
        input->has_ended = got == 0;
        input->filled += got > 0 ? (size_t)got : 0;
    }
    return PW_OK;
}

int pw_input_byte(struct pw_input *input, int *out, struct pw_error *err)
{
    if (input->at == input->filled) {
        const int status = pw_input_fill(input, 1, err);
        if (status != PW_OK) {
            return status;
        }
        if (input->at == input->filled) {
            *out = -1;
            return PW_OK;
        }
    }
    *out = input->chunk[input->at++];
    input->line += *out == '\n';
    return PW_OK;
}

int pw_input_line(struct pw_input *input, struct pw_strbuf *out, bool *has_line,
                  struct pw_error *err)
{
    const unsigned char *newline = NULL;

    *has_line = false;
    while (newline == NULL) {
        const int status = pw_input_fill(input, 1, err);
        if (status != PW_OK || input->at == input->filled) {
            return status;
        }
        const unsigned char *start = input->chunk + input->at;
        const size_t rest = input->filled - input->at;
        newline = memchr(start, '\n', rest);
        const size_t length = newline == NULL ? rest : (size_t)(newline - start);
        pw_strbuf_append(out, (const char *)start, length);
        if (pw_strbuf_failed(out)) {
            return pw_error_set_at(err, PW_EFORMAT, input->name, input->line, 0,
                                   "a line of more than %zu bytes is no result",
                                   PW_RESULT_MAX_BYTES);
        }
        input->at += length + (newline != NULL);
        *has_line = true;
    }
    input->line++;
    return PW_OK;
}
