/* Guessing what a mistyped word was meant to be, over candidates offered one by one. */
#ifndef PERFWARDEN_CLI_GUESS_H
#define PERFWARDEN_CLI_GUESS_H

#include <stddef.h>

struct pw_guess {
    const char *word;
    size_t distance;  /**< of the best so far; beyond it nothing is taken */
    const char *best; /**< NULL when no candidate is near */
};

/** Start guessing. @param word borrowed */
void pw_guess_init(struct pw_guess *guess, const char *word);

/** Offer one candidate; the first of the nearest is kept. @param candidate borrowed */
void pw_guess_offer(struct pw_guess *guess, const char *candidate);

#endif
