/*
 * The starter workflow for GitHub Actions: the gate on pull requests, baselines on the default
 * branch. Nothing of a pull request is pasted into a script, and each job may do only what it has
 * to.
 */
#include "init.h"

#define CHECKOUT "actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2"

static const char HEAD[] =
    "# perfwarden: pull requests are compared with the baselines of the default branch.\n"
    "name: perfwarden\n"
    "\n"
    "on:\n"
    "  pull_request:\n"
    "  push:\n"
    "    branches: [main, master]\n"
    "\n"
    "permissions: {}\n"
    "\n"
    "env:\n"
    "  # Where perfwarden itself is built from: put its repository, or your copy of it, here.\n"
    "  PERFWARDEN_SOURCE: https://github.com/OWNER/perfwarden\n"
    "\n"
    "jobs:\n";

static const char CHECK_HEAD[] = "  check:\n"
                                 "    if: github.event_name == 'pull_request'\n"
                                 "    runs-on: ubuntu-24.04\n"
                                 "    permissions:\n"
                                 "      contents: read\n"
                                 "    steps:\n";

static const char CHECK_TAIL[] =
    "      - name: Check\n"
    "        run: perfwarden check --junit perfwarden-junit.xml --markdown perfwarden.md\n"
    "      - name: Summary\n"
    "        if: always()\n"
    "        run: |\n"
    "          if [ -f perfwarden.md ]; then cat perfwarden.md >> \"$GITHUB_STEP_SUMMARY\"; fi\n"
    "\n";

static const char BASELINE_HEAD[] =
    "  baseline:\n"
    "    if: >-\n"
    "      github.event_name == 'push' &&\n"
    "      github.ref_name == github.event.repository.default_branch\n"
    "    runs-on: ubuntu-24.04\n"
    "    permissions:\n"
    "      contents: write # to push the baselines\n"
    "    steps:\n";

static const char BASELINE_TAIL[] = "      - name: Update the baseline\n"
                                    "        run: perfwarden baseline update\n"
                                    "      - name: Push the baselines\n"
                                    "        run: perfwarden baseline push\n";

static const char CHECKOUT_STEPS[] =
    "      - uses: " CHECKOUT "\n"
    "        with:\n"
    "          fetch-depth: 0 # the base is looked for among the ancestors\n";

static const char INSTALL_STEP[] =
    "      - name: Install perfwarden\n"
    "        run: |\n"
    "          sudo apt-get update\n"
    "          sudo apt-get install -y --no-install-recommends git gcc cmake ninja-build \\\n"
    "            pkg-config libgit2-dev libcjson-dev libyaml-dev libxml2-dev zlib1g-dev\n"
    "          git clone --depth 1 \"$PERFWARDEN_SOURCE\" \"$RUNNER_TEMP/perfwarden\"\n"
    "          cmake -S \"$RUNNER_TEMP/perfwarden\" -B \"$RUNNER_TEMP/perfwarden-build\" \\\n"
    "            -G Ninja -DCMAKE_BUILD_TYPE=Release -DPERFWARDEN_TESTS=OFF\n"
    "          cmake --build \"$RUNNER_TEMP/perfwarden-build\"\n"
    "          sudo cmake --install \"$RUNNER_TEMP/perfwarden-build\"\n";

static void put_build_step(struct pw_strbuf *out, const struct pw_survey *survey)
{
    if (survey->build_steps == NULL) {
        pw_strbuf_puts(out, "      # - name: Build the benchmarks\n"
                            "      #   run: make\n");
        return;
    }
    pw_strbuf_puts(out, "      - name: Build the benchmarks\n"
                        "        run: |\n");
    for (const char *const *step = survey->build_steps; *step != NULL; step++) {
        pw_strbuf_printf(out, "          %s\n", *step);
    }
}

static void put_job(struct pw_strbuf *out, const struct pw_survey *survey, const char *head,
                    const char *tail)
{
    pw_strbuf_puts(out, head);
    pw_strbuf_puts(out, CHECKOUT_STEPS);
    pw_strbuf_puts(out, INSTALL_STEP);
    put_build_step(out, survey);
    pw_strbuf_puts(out, tail);
}

void pw_init_write_workflow(struct pw_strbuf *out, const struct pw_survey *survey)
{
    pw_strbuf_puts(out, HEAD);
    put_job(out, survey, CHECK_HEAD, CHECK_TAIL);
    put_job(out, survey, BASELINE_HEAD, BASELINE_TAIL);
}
