/*
 * Guessing what a mistyped word was meant to be: a word it begins, else the one with the fewest
 * edits. Allocates nothing, so that it can serve any table.
 */
#include "guess.h"

#include <string.h>

#include "perfwarden/util.h"

void pw_guess_init(struct pw_guess *guess, const char *word)
{
    const size_t third = strlen(word) / 3;
    guess->word = word;
    guess->distance = (third == 0 ? 1 : third) + 1;
    guess->best = NULL;
}

void pw_guess_offer(struct pw_guess *guess, const char *candidate)
{
    const size_t length = strlen(guess->word);
    size_t distance = pw_edit_distance(guess->word, candidate, guess->distance);
    /* An abbreviation says more than a typing error, but a single letter says nothing. */
    if (length > 1 && strncmp(guess->word, candidate, length) == 0) {
        distance = 0;
    }
    if (distance < guess->distance) {
        guess->distance = distance;
        guess->best = candidate;
    }
}
