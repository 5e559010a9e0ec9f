/* The file is found as it was for the runs: by the benchmark's PATH, from its directory. */
#include "binary_size.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "metrics.h"
#include "perfwarden/util/file.h"
#include "program.h"

static const char OF_A_SHELL[] =
    "a command that is one text runs in a shell; write it as a list of words to name the program";
static const char NO_FILE[] = "the executable file cannot be looked at";

/** @param[out] bytes of the executable file @return false when it cannot be found out */
static bool find_size(const struct pw_run_session *session, double *bytes, bool *is_out_of_memory)
{
    struct pw_process_spec spec;
    struct pw_strbuf found = PW_STRBUF_INIT;
    struct pw_strbuf path = PW_STRBUF_INIT;
    struct stat status;
    bool is_known;

    memset(&spec, 0, sizeof(spec));
    spec.argv = pw_run_session_entry(session)->command;
    spec.envp = session->environment.variables;
    spec.cwd = session->benchmark->cwd;
    is_known = spec.argv[0] != NULL && pw_run_program_find(&spec, &found) == 0;
    pw_path_join(&path, spec.cwd, pw_strbuf_text(&found));
    *is_out_of_memory = pw_strbuf_failed(&found) || pw_strbuf_failed(&path);
    is_known = is_known && !*is_out_of_memory && stat(pw_strbuf_text(&path), &status) == 0 &&
               S_ISREG(status.st_mode);
    if (is_known) {
        *bytes = (double)status.st_size;
    }
    pw_strbuf_release(&path);
    pw_strbuf_release(&found);
    return is_known;
}

int pw_run_binary_size_record(struct pw_run_session *session, struct pw_error *err)
{
    const char *const name = "binary_size";
    struct pw_result *result = session->suite->result;
    const struct pw_metric_info *info = pw_metric_find(name);
    struct pw_series *series;
    double bytes = 0;
    bool is_out_of_memory = false;
    int status = 0;

    if (!pw_run_metrics_has(session->benchmark, name) || session->runs_done == 0) {
        return 0;
    }
    series = pw_result_series(result, pw_run_session_entry(session), name, info->unit, info->better,
                              NULL);
    if (series == NULL) {
        return pw_error_set_no_memory(err);
    }
    if (session->benchmark->is_shell) {
        series->null_reason = OF_A_SHELL;
        return 0;
    }
    if (!find_size(session, &bytes, &is_out_of_memory)) {
        series->null_reason = NO_FILE;
        return is_out_of_memory ? pw_error_set_no_memory(err) : 0;
    }
    series->source = "stat";
    for (unsigned i = 0; status == 0 && i < session->runs_done; i++) {
        status = pw_series_add(result, series, bytes, err);
    }
    series->null_reason = series->count > 0 ? NULL : NO_FILE;
    return status;
}
