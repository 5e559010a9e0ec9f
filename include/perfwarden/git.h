/*
 * git: the only code that knows libgit2. Revisions, ancestors, the state of the work tree, and
 * files kept in commits on a ref of their own. Knows nothing of benchmarks.
 */
#ifndef PERFWARDEN_GIT_H
#define PERFWARDEN_GIT_H

#include "perfwarden/git/history.h"
#include "perfwarden/git/ref.h"
#include "perfwarden/git/remote.h"
#include "perfwarden/git/repository.h"

#endif
