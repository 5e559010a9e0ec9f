/*
 * What differs between the versions of libgit2, from 1.1 to 1.9: the one place that asks which it
 * is. Not for other modules.
 *
 * 1.1  git_reference_is_valid_name() in place of git_reference_name_is_valid(); an old id of zeros
 *      does not mean "must not exist"; extensions of the repository format cannot be allowed; '@'
 * is no name for HEAD; the path of a linked work tree's common directory holds ".." (all to 1.2);
 *      owners are not looked at (to 1.5)
 * 1.5  does not know the '*' of safe.directory; 1.7 does
 * 1.7  hides the parents behind a shallow clone's boundary, and reads info/grafts, of which it
 * takes no comments: commits are read raw (commit.c, grafts.c) 1.8  git_commit_create() takes an
 * array of const pointers to const; reads config.worktree
 *
 * 1.1.1, 1.5.1 and 1.9.7 were compiled and tried with the tests of this module.
 */
#ifndef PERFWARDEN_GIT_COMPAT_H
#define PERFWARDEN_GIT_COMPAT_H

#include <stdbool.h>

#include <git2.h>

#define PW_LIBGIT2_SINCE(major, minor)                                                             \
    (LIBGIT2_VER_MAJOR > (major) || (LIBGIT2_VER_MAJOR == (major) && LIBGIT2_VER_MINOR >= (minor)))

#if !PW_LIBGIT2_SINCE(1, 1)
#error "libgit2 1.1 or newer is needed"
#endif

#ifdef GIT_EXPERIMENTAL_SHA256
#error "libgit2 was built with EXPERIMENTAL_SHA256, whose ids are of another size; build it without"
#endif

/** Whether a full name of a ref is well-formed. */
static inline bool pw_compat_is_ref_name(const char *name)
{
#if PW_LIBGIT2_SINCE(1, 2)
    int is_valid = 0;

    return git_reference_name_is_valid(&is_valid, name) == 0 && is_valid != 0;
#else
    return git_reference_is_valid_name(name) != 0;
#endif
}

/** Go on with repositories whose format has these extensions. @return libgit2's code */
static inline int pw_compat_allow_extensions(const char **names, size_t count)
{
#if PW_LIBGIT2_SINCE(1, 2)
    return git_libgit2_opts(GIT_OPT_SET_EXTENSIONS, names, count);
#else
    (void)names;
    (void)count;
    return 0;
#endif
}

/** Whether the extensions above can be allowed. */
#define PW_COMPAT_HAS_EXTENSIONS PW_LIBGIT2_SINCE(1, 2)

/**
 * Move a ref if it is what it was.
 *
 * @param old  NULL: it must not exist
 * @return libgit2's code: GIT_EMODIFIED, GIT_EEXISTS or GIT_ELOCKED when another writer was first
 */
static inline int pw_compat_move_ref(git_reference **out, git_repository *repository,
                                     const char *name, const git_oid *id, const git_oid *old,
                                     const char *message)
{
#if PW_LIBGIT2_SINCE(1, 2)
    const git_oid absent = {{0}};

    return git_reference_create_matching(out, repository, name, id, 1, old == NULL ? &absent : old,
                                         message);
#else
    return old == NULL ? git_reference_create(out, repository, name, id, 0, message)
                       : git_reference_create_matching(out, repository, name, id, 1, old, message);
#endif
}

/** Whether libgit2 looks at who owns a repository. */
#define PW_COMPAT_CHECKS_OWNERS PW_LIBGIT2_SINCE(1, 5)

/** Whether a repository was refused for its owner. */
static inline bool pw_compat_is_owner_code(int code)
{
#if PW_LIBGIT2_SINCE(1, 5)
    return code == GIT_EOWNER;
#else
    (void)code;
    return false;
#endif
}

/** Look at owners, or do not. libgit2 keeps it for the whole process. @return libgit2's code */
static inline int pw_compat_validate_owners(bool is_on)
{
#if PW_LIBGIT2_SINCE(1, 5)
    return git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, is_on ? 1 : 0);
#else
    (void)is_on;
    return 0;
#endif
}

/** Whether the last failure was one of info/grafts or of a shallow clone's boundary. */
static inline bool pw_compat_is_graft_failure(void)
{
#if PW_LIBGIT2_SINCE(1, 7)
    const git_error *last = git_error_last();

    return last != NULL && last->klass == GIT_ERROR_GRAFTS;
#else
    return false;
#endif
}

#endif
