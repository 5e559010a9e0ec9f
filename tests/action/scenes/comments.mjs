// The one comment on a pull request.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";

import { annotation, logOf } from "./stage.mjs";

const isOurs = (comment) => comment.body.startsWith("<!-- perfwarden:");

function editedInPlace(stage) {
  stage.open();
  stage.openPullRequest(2000);
  const marker = (config) => `<!-- perfwarden:${config}-Linux-X64 -->`;
  const env = { RUNNER_ARCH: "X64" };
  // Others' comments, one of them with our marker; our own of another configuration; and more than a page of them.
  const before = [
    { id: 1, pull: 5, author: "someone", body: `${marker("perfwarden.yml")}\nforged` },
    { id: 2, pull: 5, author: "github-actions", body: `${marker("other.yml")}\nof another configuration` },
    { id: 3, pull: 6, author: "github-actions", body: `${marker("perfwarden.yml")}\nof another pull request` },
    { id: 4, pull: 5, author: "someone", body: "hello" },
    { id: 7, pull: 5, author: "github-actions", body: `> ${marker("perfwarden.yml")}\nquoted` },
  ];
  stage.github({ comments: before });
  assert.equal(stage.act({}, { event: "pull_request", env }).status, 1);
  const first = stage.readGithub().comments;
  assert.deepEqual(first.slice(0, 5), before);
  assert.equal(first.length, 6);
  assert.match(first[5].body, /^<!-- perfwarden:perfwarden\.yml-Linux-X64 -->\n## perfwarden: REGRESSION/);
  stage.commitWork(1000, "fast again");
  assert.equal(stage.act({}, { event: "pull_request", env }).status, 0);
  const second = stage.readGithub().comments;
  assert.deepEqual(second.slice(0, 5), before);
  assert.equal(second.length, 6);
  assert.equal(second[5].id, first[5].id);
  assert.match(second[5].body, /^<!-- perfwarden:perfwarden\.yml-Linux-X64 -->\n## perfwarden: PASS/);
}

// A run that compared nothing has nothing to show; but a comment that says PASS of an earlier commit does not stay.
function brokenLater(stage) {
  stage.open();
  stage.openPullRequest(1000);
  const broken = () => stage.act({ config: "absent.yml" }, { event: "pull_request" });
  const env = { RUNNER_ARCH: "X64" };
  stage.github({});
  assert.equal(broken().status, 2);
  assert.deepEqual(stage.readGithub().comments, []);
  assert.equal(stage.act({}, { event: "pull_request", env }).status, 0);
  assert.match(stage.readGithub().comments[0].body, /PASS/);
  stage.write("perfwarden.yml", "version: 1\nbroken: [\n");
  const acted = stage.act({}, { event: "pull_request", env });
  assert.equal(acted.status, 2, logOf(acted));
  const [{ body }, ...others] = stage.readGithub().comments;
  assert.deepEqual(others, []);
  assert.match(body, /^<!-- perfwarden:perfwarden\.yml-Linux-X64 -->\n## perfwarden: ERROR\n\nIt ended with exit code 2;/);
}

// Another run has made its comment after this one looked for one.
function madeTwice(stage) {
  stage.open();
  stage.openPullRequest(2000);
  const env = { RUNNER_ARCH: "X64" };
  const body = "<!-- perfwarden:perfwarden.yml-Linux-X64 -->\nof the other run";
  stage.github({ on_post: [{ id: 11, pull: 5, author: "github-actions", body }] });
  assert.equal(stage.act({}, { event: "pull_request", env }).status, 1);
  const { comments } = stage.readGithub();
  assert.deepEqual(comments.map((each) => each.id), [11]);
  assert.match(comments[0].body, /REGRESSION/);
}

// Two comments, left by runs that were killed: the older stays.
function leftTwice(stage) {
  stage.open();
  stage.openPullRequest(2000);
  const env = { RUNNER_ARCH: "X64" };
  const body = "<!-- perfwarden:perfwarden.yml-Linux-X64 -->\r\nold";
  stage.github({ comments: [21, 9, 30].map((id) => ({ id, pull: 5, author: "github-actions", body })) });
  assert.equal(stage.act({}, { event: "pull_request", env }).status, 1);
  assert.deepEqual(stage.readGithub().comments.map((each) => each.id), [9]);
}

function readOnlyToken(stage) {
  stage.open();
  stage.openPullRequest(2000);
  for (const denies of [["POST"], ["GRAPHQL"]]) {
    stage.github({ denies });
    const acted = stage.act({}, { event: "pull_request" });
    assert.equal(acted.status, 1, logOf(acted));
    assert.match(annotation(acted, "warning", /may not comment/).message, /pull-requests: write/);
    assert.deepEqual(stage.readGithub().comments, []);
  }
  stage.github({ denies: ["PATCH"], comments: [] });
  assert.equal(stage.act({}, { event: "pull_request" }).status, 1);
  const acted = stage.act({}, { event: "pull_request" });
  assert.equal(acted.status, 1);
  annotation(acted, "warning", /may not comment/);
}

function noGh(stage) {
  stage.open();
  stage.openPullRequest(2000);
  const bin = stage.path("bin");
  fs.mkdirSync(bin);
  // Everything of the usual folders but gh.
  for (const directory of ["/usr/bin", "/bin"]) {
    for (const name of fs.readdirSync(directory).filter((each) => each !== "gh")) {
      if (!fs.existsSync(path.join(bin, name))) {
        fs.rmSync(path.join(bin, name), { force: true });
        fs.symlinkSync(path.join(directory, name), path.join(bin, name));
      }
    }
  }
  const acted = stage.act({}, { event: "pull_request", env: { PATH: bin } });
  assert.equal(acted.status, 1, logOf(acted));
  annotation(acted, "warning", /there is no 'gh'/);
}

function onlyForPullRequests(stage) {
  stage.open();
  stage.commitWork(2000);
  stage.github({});
  stage.writeEvent({ head_commit: { id: "1" } });
  assert.equal(stage.act({}).status, 1);
  for (const number of ["5; touch pwned", -5, { id: 5 }, "5\n6"]) {
    stage.writeEvent({ pull_request: { number } });
    assert.equal(stage.act({}, { event: "pull_request" }).status, 0);
  }
  stage.writeEvent({ pull_request: { number: 5 } });
  assert.equal(stage.act({ comment: "never" }, { event: "pull_request" }).status, 0);
  assert.equal(stage.readGithub().calls, undefined);
}

// A name that would end the marker's HTML comment, and one that is too long for it.
function hostileMarker(stage) {
  stage.open();
  stage.github({});
  const names = ["a--><script>x.yml", "--.yml", "\u202e\u00e9.yml", `${"d".repeat(240)}.yml`];
  const configuration = fs.readFileSync(path.join(stage.project, "perfwarden.yml"), "utf8");
  names.forEach((name) => stage.write(name, configuration));
  stage.commitWork(1000);
  stage.writeEvent({ pull_request: { number: 5 } });
  for (const config of names) {
    const acted = stage.act({ config }, { event: "pull_request" });
    assert.equal(acted.status, 0, logOf(acted));
  }
  const markers = stage.readGithub().comments.map((each) => each.body.split("\n")[0]);
  assert.equal(new Set(markers).size, names.length);
  for (const marker of markers) {
    assert.match(marker, /^<!-- perfwarden:(?:(?!--)[A-Za-z0-9._/%-]){1,200} -->$/);
  }
}

function bigComment(stage) {
  stage.open({ hasBaseline: false });
  const many = Array.from({ length: 700 }, (_, i) => `"${"\u{1f40c}".repeat(10)}${i}": {"steps": {"value": WORK}}`).join(", ");
  const commit = (steps) => {
    stage.write("work", `#!/bin/sh\necho '{${many.replaceAll("WORK", steps)}}'\n`, 0o755);
    stage.git("commit", "--quiet", "--all", "--message", `${steps}`);
  };
  commit(1000);
  stage.run(stage.program, ["baseline", "update", "--quiet"]);
  commit(2000);
  stage.github({});
  stage.writeEvent({ pull_request: { number: 5 } });
  const acted = stage.act({ base: "HEAD^" }, { event: "pull_request" });
  assert.equal(acted.status, 1, logOf(acted).slice(-2000));
  const [comment] = stage.readGithub().comments.filter(isOurs);
  assert.ok(comment.body.length <= 65_536 && comment.body.length > 10_000, `${comment.body.length}`);
}

export const scenes = {
  editedInPlace, brokenLater, madeTwice, leftTwice, readOnlyToken, noGh, onlyForPullRequests, hostileMarker, bigComment,
};
