// A pull request from a fork: a token that may only read, and the workflow that comments afterwards.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";

import { ROOT, annotation, logOf } from "./stage.mjs";

const COMMENT = path.join(ROOT, "comment");

// What the first workflow uploads as its artifact.
function upload(stage, file) {
  const artifact = stage.path("artifacts", "perfwarden-comparison");
  fs.mkdirSync(artifact, { recursive: true });
  fs.copyFileSync(file, path.join(artifact, "perfwarden-comparison.json"));
  return artifact;
}

function workflowRun(stage, { sha, owner = "mallory", branch = "change-2000" }) {
  stage.writeEvent({
    workflow_run: { id: 77, event: "pull_request", head_sha: sha, head_branch: branch, head_repository: { owner: { login: owner } }, pull_requests: [] },
  });
}

const pull = (number, sha, owner = "mallory", branch = "change-2000") => ({ number, head: { sha, owner, branch } });

function prepare(stage) {
  stage.open();
  const event = stage.openPullRequest(2000);
  stage.github({ denies: ["POST", "PATCH", "DELETE"] });
  const acted = stage.act({}, { event: "pull_request" });
  assert.equal(acted.status, 1, logOf(acted));
  annotation(acted, "warning", /may not comment/);
  upload(stage, acted.outputs.comparison);
  return event.pull_request.head.sha;
}

const comment = (stage, inputs = {}, more = {}) => stage.act(inputs, { action: COMMENT, event: "workflow_run", ...more });

function forkIsCommented(stage) {
  const sha = prepare(stage);
  workflowRun(stage, { sha });
  stage.github({ pulls: [pull(3, "2".repeat(40)), pull(5, sha), pull(6, sha, "eve")] });
  const acted = comment(stage);
  assert.equal(acted.status, 0, logOf(acted));
  assert.equal(acted.outputs["pull-request"], "5");
  const [made, ...others] = stage.readGithub().comments;
  assert.deepEqual(others, []);
  assert.equal(made.pull, 5);
  assert.match(made.body, /^<!-- perfwarden:perfwarden\.yml-.*-->\n## perfwarden: REGRESSION/);
}

// The fork's run wrote the artifact: it cannot choose which pull request is commented on, nor what runs here.
function hostileArtifact(stage) {
  const sha = prepare(stage);
  workflowRun(stage, { sha });
  const artifact = stage.path("artifacts", "perfwarden-comparison");
  const file = path.join(artifact, "perfwarden-comparison.json");
  const good = fs.readFileSync(file, "utf8");
  const silent = (pattern) => {
    stage.github({ pulls: [pull(5, sha)] });
    const acted = comment(stage);
    assert.equal(acted.status, 0, logOf(acted));
    annotation(acted, "warning", pattern);
    assert.deepEqual(stage.readGithub().comments, []);
  };
  for (const text of ["", "{", "[]", '{"schema": "perfwarden/comparison/1"}', "\0\xff", good.slice(0, good.length / 2)]) {
    fs.writeFileSync(file, text, "latin1");
    silent(/cannot be rendered/);
  }
  fs.rmSync(file);
  fs.symlinkSync("/etc/passwd", file);
  silent(/0 files/);
  fs.rmSync(artifact, { recursive: true });
  silent(/0 files/);
  // A forged verdict is the fork's own affair, its markup is not.
  fs.mkdirSync(artifact);
  fs.writeFileSync(file, good.replaceAll("work", "<img src=x onerror=alert(1)>\\n::error::pwned\\n<!-- perfwarden:other -->"));
  stage.github({ pulls: [pull(5, sha)] });
  const acted = comment(stage);
  assert.equal(acted.status, 0, logOf(acted));
  assert.deepEqual(acted.annotations, []);
  assert.ok(!/<img|\n<!--/.test(stage.readGithub().comments[0]?.body.split("\n").slice(1).join("\n")));
}

function wrongCommit(stage) {
  const sha = prepare(stage);
  const silent = (pulls, pattern, inputs = {}) => {
    workflowRun(stage, { sha });
    stage.github({ pulls });
    const acted = comment(stage, inputs);
    assert.equal(acted.status, 0, logOf(acted));
    annotation(acted, "warning", pattern);
    assert.deepEqual(stage.readGithub().comments, []);
  };
  silent([pull(5, "3".repeat(40))], /no open pull request/);
  silent([pull(5, sha), pull(6, sha)], /head of 2 pull requests/);
  silent([pull(5, sha), pull(6, "3".repeat(40))], /pull request 6 is not open/, { "pull-request": "6" });
  stage.writeEvent({ workflow_run: { head_sha: '"; touch pwned; "' } });
  stage.github({});
  annotation(comment(stage), "warning", /nor of a workflow run/);
  assert.equal(stage.readGithub().calls, undefined);
  stage.github({ denies: ["GET"] });
  workflowRun(stage, { sha });
  annotation(comment(stage), "warning", /does not tell/);
}

function namedAmongTwo(stage) {
  const sha = prepare(stage);
  workflowRun(stage, { sha });
  stage.github({ pulls: [pull(5, sha), pull(6, sha)] });
  assert.equal(comment(stage, { "pull-request": "6" }).status, 0);
  assert.deepEqual(stage.readGithub().comments.map((each) => each.pull), [6]);
}

// Baselines of a job whose token may only read stay at home, and the job says so.
function readOnlyPush(stage) {
  stage.open({ hasBaseline: false });
  const hook = path.join(stage.origin, "hooks", "pre-receive");
  fs.writeFileSync(hook, "#!/bin/sh\necho 'Permission to octo/project.git denied to github-actions[bot].' >&2\nexit 1\n", { mode: 0o755 });
  const acted = stage.act({ command: "update-baseline", "push-baselines": "true" });
  assert.ok([0, 5].includes(acted.status), logOf(acted));
  assert.match(logOf(acted), /denied/);
}

// The comment of joined shards, or of a comparison that another step made, in the pull request's own workflow.
function commentFromFile(stage) {
  stage.open();
  stage.openPullRequest(2000);
  stage.github({});
  const { outputs } = stage.act({ comment: "never" }, { event: "pull_request" });
  const acted = stage.act({ comparison: outputs.comparison }, { action: COMMENT, event: "pull_request" });
  assert.equal(acted.status, 0, logOf(acted));
  assert.deepEqual(stage.readGithub().comments.map((each) => each.pull), [5]);
  assert.equal(stage.act({ comparison: "absent.json" }, { action: COMMENT, event: "pull_request" }).status, 2);
}

// The examples of the README: main stores, a pull request fails, is accepted, and a fork's is commented on.
function readme(stage) {
  const text = fs.readFileSync(path.join(ROOT, "README.md"), "utf8");
  const examples = [...text.matchAll(/^```yaml\n([^]*?)^```$/gm)].map((match) => match[1]).filter((each) => /^jobs:/m.test(each));
  const files = examples.map((each, i) => {
    fs.writeFileSync(stage.path(`workflow-${i}.yml`), each);
    return stage.path(`workflow-${i}.yml`);
  });
  assert.equal(files.length, 2);
  stage.open({ hasBaseline: false });
  stage.write("Makefile", "benchmarks:\n");
  stage.commitWork(1000, "a Makefile");
  stage.github({});
  const stored = stage.runJob(files[0], "baseline");
  assert.equal(stored.status, 0, logOf(stored));
  const base = stage.git("rev-parse", "HEAD");
  stage.openPullRequest(2000);
  const failed = stage.runJob(files[0], "check", { event: "pull_request" });
  assert.equal(failed.status, 1, logOf(failed));
  const [{ body }] = stage.readGithub().comments;
  const [, line] = /<code>(Perf-Accept: [^<]*)<\/code>/.exec(body) ?? assert.fail(body);
  stage.git("checkout", "--quiet", "change-2000");
  stage.commitWork(2000, `It is worth it\n\n${line.replace("&#60;reason&#62;", "it is right now")}`);
  const head = stage.mergeCheckout(base, "change-2000").pull_request.head.sha;
  const accepted = stage.runJob(files[0], "check", { event: "pull_request" });
  assert.equal(accepted.status, 0, logOf(accepted));
  assert.match(stage.readGithub().comments[0].body, /ACCEPTED|PASS/);
  // The same from a fork, whose own job could not comment.
  const { outputs } = stage.act({ comment: "never" }, { event: "pull_request" });
  upload(stage, outputs.comparison);
  workflowRun(stage, { sha: head });
  stage.github({ pulls: [pull(9, head)] });
  const commented = stage.runJob(files[1], "comment", { event: "workflow_run" });
  assert.equal(commented.status, 0, logOf(commented));
  assert.deepEqual(stage.readGithub().comments.map((each) => each.pull), [9]);
}

export const scenes = {
  readme,
  forkIsCommented, hostileArtifact, wrongCommit, namedAmongTwo, readOnlyPush, commentFromFile,
};
