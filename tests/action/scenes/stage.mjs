// A project with a benchmark, its remote, a runner's folders and a model of GitHub for one scene.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const TESTS = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
export const ROOT = path.dirname(path.dirname(TESTS));

// The benchmark counts its own steps, so that no verdict depends on the machine.
const CONFIGURATION = `version: 1
defaults:
  runs: {min: 3, max: 3}
  warmup: 0
  metrics: [wall_time]
benchmarks:
  - name: work
    command: [./work]
    format: bmf
    thresholds: {wall_time: {increase: 900%, at_least: 10s}, max_rss: 900%, steps: 50%}
`;
export const LINE_OF_WORK = "7";

const GIT = {
  GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_SYSTEM: "/dev/null", GIT_CONFIG_NOSYSTEM: "1",
  GIT_AUTHOR_NAME: "Tester", GIT_AUTHOR_EMAIL: "tester@example.org",
  GIT_COMMITTER_NAME: "Tester", GIT_COMMITTER_EMAIL: "tester@example.org",
};
// Only the runner model and what a scene gives itself may look like a CI system.
const FOREIGN = /^(GITHUB_|RUNNER_|GIT_|GH_|PERFWARDEN_|CI_|CI$)/;

export class Stage {
  constructor(directory, program) {
    this.directory = directory;
    this.program = program;
    this.project = path.join(directory, "project");
    this.origin = path.join(directory, "origin.git");
    this.store = path.join(directory, "github.json");
    this.home = path.join(directory, "home");
    fs.mkdirSync(this.home, { recursive: true });
  }

  path(...names) {
    return path.join(this.directory, ...names);
  }

  environment(more = {}) {
    const inherited = Object.entries(process.env).filter(([name]) => !FOREIGN.test(name));
    return { ...Object.fromEntries(inherited), ...GIT, HOME: this.home, LC_ALL: "C.UTF-8", ...more };
  }

  run(command, words, { cwd = this.project, env = {}, mayFail = false } = {}) {
    const ended = spawnSync(command, words, { cwd, env: this.environment(env), encoding: "utf8" });
    if (ended.status !== 0 && !mayFail) {
      throw new Error(`${command} ${words.join(" ")}: ${ended.error ?? ended.stderr}`);
    }
    return ended.stdout.trim();
  }

  git(...words) {
    return this.run("git", words);
  }

  write(name, text, mode = 0o644) {
    const file = path.join(this.project, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text, { mode });
    return file;
  }

  /** Makes the benchmark take this many steps, in a commit of its own. */
  commitWork(steps, message = `${steps} steps`) {
    this.write("work", `#!/bin/sh\necho '{"work": {"steps": {"value": ${steps}}}}'\n`, 0o755);
    this.git("add", "--all");
    this.git("commit", "--quiet", "--allow-empty", "--message", message);
  }

  /** A project whose main branch is at the remote, `hasBaseline` with a stored result. */
  open({ hasBaseline = true } = {}) {
    fs.mkdirSync(this.project, { recursive: true });
    this.git("init", "--quiet", "--initial-branch=main");
    this.run("git", ["init", "--quiet", "--bare", "--initial-branch=main", this.origin]);
    this.git("remote", "add", "origin", this.origin);
    this.write("perfwarden.yml", CONFIGURATION);
    this.write(".gitignore", "perfwarden.md\nperfwarden-junit.xml\n");
    this.commitWork(1000);
    if (hasBaseline) {
      this.run(this.program, ["baseline", "update", "--quiet"]);
      this.run(this.program, ["baseline", "push", "--quiet"]);
    }
    this.git("push", "--quiet", "origin", "main");
    return this;
  }

  /** A pull request's merge checkout with a change to this many steps; gives the event. */
  openPullRequest(steps, number = 5) {
    const base = this.git("rev-parse", "HEAD");
    this.git("checkout", "--quiet", "-b", `change-${steps}`);
    this.commitWork(steps);
    return this.mergeCheckout(base, `change-${steps}`, number);
  }

  /** What GitHub checks out for a pull request: the merge of its head into the base. */
  mergeCheckout(base, ref, number = 5) {
    const sha = this.git("rev-parse", "HEAD");
    this.git("checkout", "--quiet", "--detach", base);
    this.git("merge", "--quiet", "--no-ff", "--no-edit", sha);
    return this.writeEvent({ number, pull_request: { number, head: { sha, ref }, base: { sha: base, ref: "main" } } });
  }

  writeEvent(event) {
    fs.writeFileSync(this.path("event.json"), JSON.stringify(event));
    return event;
  }

  /** The model of GitHub behind the stand-in for `gh`. */
  github(state) {
    fs.writeFileSync(this.store, JSON.stringify({ viewer: "github-actions", pulls: [], comments: [], ...state }));
  }

  readGithub() {
    return JSON.parse(fs.readFileSync(this.store, "utf8"));
  }

  /** Runs a job of a workflow in which this project's actions are those of OWNER/perfwarden. */
  runJob(workflow, job, more = {}) {
    const lent = ["--uses", `OWNER/perfwarden=${ROOT}`, "--uses", `OWNER/perfwarden/comment=${path.join(ROOT, "comment")}`];
    return this.act({}, { ...more, what: ["--workflow", workflow, "--job", job, ...lent] });
  }

  /** Runs the action as a step of a job would; inputs as `with` gives them. */
  act(inputs = {}, { action = ROOT, what = ["--action", action], event = "push", env = {}, options = [], ownProgram = true } = {}) {
    const words = [...what, "--event", event, "--workspace", this.project];
    words.push("--cache", this.path("cache"), "--artifacts", this.path("artifacts"));
    if (fs.existsSync(this.path("event.json"))) {
      words.push("--event-file", this.path("event.json"));
    }
    const given = { ...(ownProgram ? { PERFWARDEN_PROGRAM: this.program } : {}), FAKE_GH: this.store, ...env };
    Object.entries(given).forEach(([name, value]) => words.push("--env", `${name}=${value}`));
    Object.entries(inputs).forEach(([name, value]) => words.push("--input", `${name}=${value}`));
    const ended = spawnSync(path.join(TESTS, "run-composite"), [...words, ...options], {
      cwd: this.project,
      env: this.environment({ PATH: `${path.join(TESTS, "bin")}:${process.env.PATH}`, TMPDIR: this.directory }),
      encoding: "utf8",
    });
    assert.ok(ended.status < 64 || ended.status > 70, `run-composite: ${ended.stderr}`);
    return { ...JSON.parse(ended.stdout), status: ended.status };
  }
}

/** All that the steps printed. */
export const logOf = (acted) => acted.steps.map((step) => step.log).join("");

/** The one annotation of a level whose message matches. */
export function annotation(acted, level, pattern) {
  const found = acted.annotations.filter((each) => each.level === level && pattern.test(each.message));
  assert.equal(found.length, 1, `${found.length} annotations of level ${level} match ${pattern}: ${JSON.stringify(acted.annotations)}`);
  return found[0];
}
