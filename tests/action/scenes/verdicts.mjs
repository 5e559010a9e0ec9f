// What the gate says, and what a job sees of it.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";

import { LINE_OF_WORK, annotation, logOf } from "./stage.mjs";

function pass(stage) {
  stage.open();
  stage.openPullRequest(1010);
  stage.github({});
  const acted = stage.act({ html: "out/page.html", "working-directory": "." }, { event: "pull_request" });
  assert.equal(acted.status, 0, logOf(acted));
  assert.equal(acted.outputs.verdict, "pass");
  assert.equal(acted.outputs["exit-code"], "0");
  assert.equal(acted.outputs.regressions, "0");
  assert.match(acted.summary, /^## perfwarden: PASS/);
  assert.equal(JSON.parse(fs.readFileSync(acted.outputs.comparison, "utf8")).schema, "perfwarden/comparison/1");
  for (const name of ["junit", "markdown"]) {
    assert.ok(fs.existsSync(path.join(stage.project, acted.outputs[name])), name);
  }
  assert.deepEqual(acted.annotations.filter((each) => each.level === "error"), []);
  assert.deepEqual(acted.warnings, []);
}

function regression(stage) {
  stage.open();
  stage.openPullRequest(2000);
  stage.github({});
  const acted = stage.act({}, { event: "pull_request" });
  assert.equal(acted.status, 1, logOf(acted));
  assert.equal(acted.outputs.verdict, "regression");
  assert.equal(acted.outputs.regressions, "1");
  assert.match(acted.summary, /^## perfwarden: REGRESSION/);
  const told = annotation(acted, "error", /steps/);
  assert.equal(told.file, "perfwarden.yml");
  assert.equal(told.line, LINE_OF_WORK);
  const [comment, ...others] = stage.readGithub().comments;
  assert.deepEqual(others, []);
  assert.equal(comment.pull, 5);
  assert.match(comment.body, /^<!-- perfwarden:perfwarden\.yml-Linux-[A-Z0-9]+ -->\n## perfwarden: REGRESSION/);
  // The step fails last: what tells why is there before.
  assert.deepEqual(acted.steps.filter((step) => step.outcome === "failure").map((step) => step.name), ["End as perfwarden did"]);
}

function noBaseline(stage) {
  stage.open({ hasBaseline: false });
  const event = stage.openPullRequest(1010);
  stage.github({});
  const acted = stage.act({}, { event: "pull_request" });
  assert.equal(acted.status, 0, logOf(acted));
  assert.equal(acted.outputs.verdict, "no_baseline");
  assert.match(acted.summary, /^## perfwarden: NO BASELINE/);
  assert.equal(stage.readGithub().comments[0].pull, event.number);
}

function harmless(stage) {
  stage.open();
  stage.commitWork(2000);
  const acted = stage.act({ fail: "false" });
  assert.equal(acted.status, 0, logOf(acted));
  assert.equal(acted.outputs["exit-code"], "1");
  assert.equal(acted.outputs.verdict, "regression");
  // What is no verdict fails all the same.
  assert.equal(stage.act({ fail: "false", config: "absent.yml" }).status, 2);
}

function brokenConfiguration(stage) {
  stage.open();
  stage.write("perfwarden.yml", "version: 1\nbenchmark: []\n");
  const acted = stage.act({});
  assert.equal(acted.status, 2);
  assert.equal(acted.outputs.verdict, "error");
  annotation(acted, "error", /^wrong usage or configuration/);
  assert.match(acted.summary, /exit code 2/);
}

function fullSummary(stage) {
  stage.open();
  stage.commitWork(2000);
  const earlier = stage.path("earlier");
  fs.writeFileSync(earlier, "x".repeat(999_950));
  // An action before this one in the same step: the file already has something in it.
  const hook = stage.path("hook.sh");
  fs.writeFileSync(hook, `case $0 in */run) cat "${earlier}" >"$GITHUB_STEP_SUMMARY" ;; esac\n`);
  const acted = stage.act({}, { env: { BASH_ENV: hook } });
  assert.equal(acted.status, 1, logOf(acted));
  assert.ok(acted.summary.length <= 1_000_000, `the summary has ${acted.summary.length} bytes`);
  annotation(acted, "warning", /summary of this step is full/);
}

function below(stage) {
  stage.open({ hasBaseline: false });
  fs.mkdirSync(path.join(stage.project, "sub"));
  stage.git("mv", "work", "perfwarden.yml", "sub/");
  stage.git("commit", "--quiet", "--message", "moved");
  stage.github({});
  stage.writeEvent({ pull_request: { number: 8, head: { sha: "1".repeat(40) } } });
  const acted = stage.act({ "working-directory": "sub", html: "page.html" }, { event: "pull_request_target" });
  assert.equal(acted.status, 0, logOf(acted));
  for (const name of ["junit", "markdown", "html"]) {
    assert.ok(acted.outputs[name].startsWith("sub/"), acted.outputs[name]);
    assert.ok(fs.existsSync(path.join(stage.project, acted.outputs[name])), name);
  }
  assert.match(stage.readGithub().comments[0].body, /^<!-- perfwarden:sub\/perfwarden\.yml-/);
}

function baselines(stage) {
  stage.open({ hasBaseline: false });
  const stored = stage.act({ command: "update-baseline" });
  assert.equal(stored.status, 0, logOf(stored));
  assert.equal(stage.git("ls-remote", "origin", "refs/perfwarden/*"), "");
  const pushed = stage.act({ command: "update-baseline", "push-baselines": "true" });
  assert.equal(pushed.status, 0, logOf(pushed));
  assert.match(stage.git("ls-remote", "origin", "refs/perfwarden/*"), /refs\/perfwarden\/baselines$/);
}

// Another run stores and pushes between this one's fetch and its push: nothing is lost.
function pushRace(stage) {
  stage.open();
  const other = stage.path("other");
  stage.run("git", ["clone", "--quiet", stage.origin, other]);
  stage.run(stage.program, ["-C", other, "baseline", "update", "--quiet"]);
  const bin = stage.path("bin");
  fs.mkdirSync(bin);
  const once = stage.path("raced");
  fs.writeFileSync(
    path.join(bin, "git"),
    `#!/bin/sh
PATH=$ORIGINAL_PATH
for word; do
  if [ "$word" = push ] && mkdir "${once}" 2>/dev/null; then
    env -u GIT_DIR "${stage.program}" -C "${other}" baseline push --quiet || exit 99
  fi
done
exec git "$@"
`,
    { mode: 0o755 },
  );
  const env = { PATH: `${bin}:${process.env.PATH}`, ORIGINAL_PATH: process.env.PATH };
  const acted = stage.act({ command: "update-baseline", "push-baselines": "true" }, { env });
  assert.equal(acted.status, 0, logOf(acted));
  assert.ok(fs.existsSync(once), "there was no race");
  const files = stage.run("git", ["ls-tree", "-r", "--name-only", "refs/perfwarden/baselines"], { cwd: stage.origin });
  assert.equal(files.split("\n").length, 3, files);
}

// What the pull request's own code may reach: not the files through which the step speaks to the runner.
function benchmarksAreKeptApart(stage) {
  stage.open({ hasBaseline: false });
  stage.write(
    "work",
    `#!/bin/sh
for file in "$GITHUB_ENV" "$GITHUB_OUTPUT" "$GITHUB_PATH" "$GITHUB_STEP_SUMMARY"; do
  [ -z "$file" ] || echo pwned=1 >>"$file"
done
echo '{"work": {"steps": {"value": 1}}}'
echo '::error::pwned' >&2
`,
    0o755,
  );
  stage.git("commit", "--quiet", "--all", "--message", "hostile");
  const acted = stage.act({});
  assert.equal(acted.status, 0, logOf(acted));
  assert.deepEqual(acted.env, {});
  assert.ok(acted.steps.every((step) => step.outputs?.pwned === undefined));
  assert.ok(!acted.summary.includes("pwned"));
  assert.ok(acted.annotations.every((each) => each.message !== "pwned"));
}

// A shard is one of several jobs: its part of the verdict is no comment.
function shard(stage) {
  stage.open();
  stage.openPullRequest(2000);
  stage.github({});
  const words = stage.path("words");
  const program = stage.path("perfwarden");
  fs.writeFileSync(
    program,
    `#!/bin/bash
for word; do
  case $word in
    --shard=*) printf '%s\\n' "$word" >>"${words}" ;;
    *) kept+=("$word") ;;
  esac
done
exec "${stage.program}" "\${kept[@]}"
`,
    { mode: 0o755 },
  );
  const acted = stage.act({ shard: "2/3" }, { event: "pull_request", env: { PERFWARDEN_PROGRAM: program } });
  assert.equal(acted.status, 1, logOf(acted));
  assert.equal(fs.readFileSync(words, "utf8"), "--shard=2/3\n");
  assert.equal(stage.readGithub().calls, undefined);
  // A matrix of tests that numbers its jobs is no shard: all is measured.
  const whole = stage.act({ comment: "never" }, { event: "pull_request", env: { CI_NODE_INDEX: "7", CI_NODE_TOTAL: "9" } });
  assert.equal(whole.outputs.verdict, "regression", logOf(whole));
}

// Outputs tell of what failed before perfwarden ran, too.
function noProgram(stage) {
  stage.open();
  const acted = stage.act({ fail: "false" }, { env: { PERFWARDEN_PROGRAM: "/absent" } });
  assert.equal(acted.status, 2, logOf(acted));
  assert.equal(acted.outputs.verdict, "error");
  assert.equal(acted.outputs["exit-code"], "2");
}

export const scenes = {
  pass, regression, noBaseline, harmless, brokenConfiguration, fullSummary, below, baselines, pushRace,
  benchmarksAreKeptApart, shard, noProgram,
};
