/* Writes the variable over where it lies, so that environments that hold it need not be touched. */
#include "padding.h"

#include <assert.h>
#include <string.h>

void pw_run_padding_set(struct pw_run_padding *padding, size_t length)
{
    static const char NAME[] = PW_RUN_PADDING_NAME "=";
    char *value = padding->variable + sizeof(NAME) - 1;

    assert(length <= PW_RUN_PADDING_MAX);
    memcpy(padding->variable, NAME, sizeof(NAME) - 1);
    memset(value, 'x', length);
    value[length] = '\0';
}
