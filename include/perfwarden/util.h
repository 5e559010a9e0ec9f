/* Everything of the util module: strings, arenas, errors, numbers, files, clock, JSON, escaping. */
#ifndef PERFWARDEN_UTIL_H
#define PERFWARDEN_UTIL_H

#include "perfwarden/util/arena.h"
#include "perfwarden/util/clock.h"
#include "perfwarden/util/compiler.h"
#include "perfwarden/util/error.h"
#include "perfwarden/util/escape.h"
#include "perfwarden/util/file.h"
#include "perfwarden/util/json.h"
#include "perfwarden/util/number.h"
#include "perfwarden/util/strbuf.h"
#include "perfwarden/util/text.h"

#endif
