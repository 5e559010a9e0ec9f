/*
 * Unpacks what request.c packs. All of it lies in two blocks, for the launcher is to stay small.
 */
#include "order.h"

#include <stdlib.h>
#include <string.h>

/** Cuts a payload into its strings. */
struct cutter {
    char *next;
    char *end;
    bool failed; /**< there were fewer strings than were asked for */
};

/** @return the next string; NULL when there is none */
static char *cut(struct cutter *cutter)
{
    char *text = cutter->next;
    char *stop = text < cutter->end ? memchr(text, '\0', (size_t)(cutter->end - text)) : NULL;

    if (stop == NULL) {
        cutter->failed = true;
        return NULL;
    }
    cutter->next = stop + 1;
    return text;
}

static void cut_several(struct cutter *cutter, char **out, uint32_t count)
{
    for (uint32_t i = 0; i < count && !cutter->failed; i++) {
        out[i] = cut(cutter);
    }
}

/** Point the command into the payload. @return false when strings are missing */
static bool lay_out(struct pw_run_order *order, int null_fd)
{
    const struct pw_run_request *request = &order->request;
    struct pw_run_command *command = &order->command;
    struct cutter cutter = {order->payload, order->payload + request->payload_bytes, false};

    command->cwd = cut(&cutter);
    command->path = cut(&cutter);
    command->stdin_path = cut(&cutter);
    order->variables = order->vectors + request->argc + 1;
    cut_several(&cutter, order->vectors, request->argc);
    cut_several(&cutter, order->variables, request->envc);
    command->argv = order->vectors;
    command->envp = order->variables;
    command->cpus = (request->flags & PW_RUN_PINNED) != 0 ? request->cpus : NULL;
    command->fixed_addresses = (request->flags & PW_RUN_FIXED_ADDRESSES) != 0;
    command->stdin_fd = null_fd;
    return !cutter.failed;
}

bool pw_run_order_receive(struct pw_run_order *out, int socket,
                          const struct pw_run_request *request, int null_fd)
{
    const size_t string_count = (size_t)request->argc + request->envc;

    memset(out, 0, sizeof(*out));
    out->request = *request;
    if (request->payload_bytes > PW_RUN_PAYLOAD_MAX || string_count > request->payload_bytes) {
        return false;
    }
    out->payload = malloc(request->payload_bytes);
    out->vectors = calloc(string_count + 2, sizeof(*out->vectors));
    return out->payload != NULL && out->vectors != NULL &&
           pw_run_receive(socket, out->payload, request->payload_bytes) && lay_out(out, null_fd);
}

void pw_run_order_release(struct pw_run_order *order)
{
    free(order->payload);
    free((void *)order->vectors);
    order->payload = NULL;
    order->vectors = NULL;
}
