/* Signals: how perfwarden is told to stop, and what it hears of writes that fail. */
#ifndef PERFWARDEN_CLI_SIGNALS_H
#define PERFWARDEN_CLI_SIGNALS_H

/**
 * Catch SIGINT and SIGTERM (unless they are ignored already, as under nohup) and ignore SIGPIPE
 * and SIGXFSZ.
 *
 * @return the place where the first signal's number appears, 0 until then; valid for ever
 */
const volatile int *pw_signals_install(void);

#endif
