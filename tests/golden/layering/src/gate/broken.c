/* Breaks every rule that ci/check-layering knows: what the test of the test reads. */
#include <git2.h>

#include "../run/child.h"
#include "perfwarden/git.h"
