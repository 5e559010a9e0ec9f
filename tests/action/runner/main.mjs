// Sets up what a runner would offer a job, runs the action or the job, and prints what came of it as JSON.
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { parse } from "yaml";

import { UsageError, parseArguments, usage } from "./arguments.mjs";
import { annotationsOf } from "./commands.mjs";
import { interpolate } from "./expressions.mjs";
import { runAction, runSteps } from "./steps.mjs";

const OWN_PREFIXES = /^(GITHUB_|RUNNER_|INPUT_|ACTIONS_|PERFWARDEN_|GH_|CI$|ImageOS$|ImageVersion$)/;
const ARCHITECTURES = { x64: "X64", arm64: "ARM64", ia32: "X86", arm: "ARM" };

// What the caller's own environment says of a CI system must not reach the model.
const cleanEnvironment = () =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !OWN_PREFIXES.test(name)));

function runnerEnvironment(parsed, temp) {
  return {
    CI: "true",
    GITHUB_ACTIONS: "true",
    GITHUB_API_URL: "https://api.github.com",
    GITHUB_EVENT_NAME: parsed.event,
    GITHUB_EVENT_PATH: parsed.eventFile ?? path.join(temp, "_event.json"),
    GITHUB_GRAPHQL_URL: "https://api.github.com/graphql",
    GITHUB_REPOSITORY: "octo/project",
    GITHUB_REPOSITORY_OWNER: "octo",
    GITHUB_RUN_ATTEMPT: "1",
    GITHUB_RUN_ID: "1",
    GITHUB_SERVER_URL: "https://github.com",
    GITHUB_WORKFLOW: "perfwarden",
    GITHUB_WORKSPACE: parsed.workspace,
    ImageOS: "ubuntu24",
    ImageVersion: "20261101.1.0",
    RUNNER_ARCH: ARCHITECTURES[os.arch()] ?? os.arch().toUpperCase(),
    RUNNER_ENVIRONMENT: "github-hosted",
    RUNNER_OS: "Linux",
    RUNNER_TEMP: temp,
    ...parsed.env,
  };
}

function makeMachine(parsed) {
  const temp = parsed.temp ?? fs.mkdtempSync(path.join(os.tmpdir(), "runner-"));
  fs.mkdirSync(temp, { recursive: true });
  const commandFiles = fs.mkdtempSync(path.join(temp, "_runner_file_commands-"));
  const env = runnerEnvironment(parsed, temp);
  if (!parsed.eventFile) {
    fs.writeFileSync(path.join(temp, "_event.json"), "{}");
  }
  return {
    workspace: parsed.workspace, cache: parsed.cache, artifacts: parsed.artifacts, uses: parsed.uses,
    temp, commandFiles, base: cleanEnvironment(), env,
    added: {}, paths: [], post: [], records: [], warnings: [], summary: "", count: 0,
  };
}

function contextOf(machine, parsed) {
  const github = {};
  for (const [name, value] of Object.entries(machine.env)) {
    if (name.startsWith("GITHUB_")) {
      github[name.slice("GITHUB_".length).toLowerCase()] = value;
    }
  }
  const secrets = { GITHUB_TOKEN: "ghs_model", ...parsed.secrets };
  github.event = JSON.parse(fs.readFileSync(machine.env.GITHUB_EVENT_PATH, "utf8"));
  github.token = secrets.GITHUB_TOKEN;
  const runner = { os: machine.env.RUNNER_OS, arch: machine.env.RUNNER_ARCH, temp: machine.temp };
  return { github, runner, secrets, matrix: parsed.matrix, job: { status: "success" }, vars: {}, needs: {} };
}

function runJob(machine, scope, parsed) {
  const workflow = parse(fs.readFileSync(parsed.workflow, "utf8"));
  const job = workflow.jobs?.[parsed.job];
  if (!job?.steps) {
    throw new UsageError(`'${parsed.workflow}' has no job '${parsed.job}' with steps`);
  }
  for (const level of [workflow, job]) {
    for (const [name, value] of Object.entries(level.env ?? {})) {
      scope.env[name] = interpolate(value, { ...scope.context, env: scope.env });
    }
    scope.directory = level.defaults?.run?.["working-directory"] ?? scope.directory;
    scope.shell = level.defaults?.run?.shell ?? scope.shell;
  }
  runSteps(machine, scope, job.steps);
  const outputs = {};
  for (const [name, value] of Object.entries(job.outputs ?? {})) {
    outputs[name] = interpolate(value, { ...scope.context, env: scope.env, steps: scope.steps });
  }
  return { exitCode: scope.exitCode, outputs };
}

function execute(machine, parsed) {
  const scope = { depth: 0, context: contextOf(machine, parsed), env: {} };
  if (parsed.workflow) {
    return runJob(machine, scope, parsed);
  }
  const repository = machine.env.GITHUB_ACTION_REPOSITORY ?? "";
  delete machine.env.GITHUB_ACTION_REPOSITORY;
  return runAction(machine, scope, { directory: parsed.action, repository }, parsed.inputs);
}

function report(machine, ended) {
  return {
    exit_code: ended.exitCode,
    outputs: ended.outputs,
    annotations: machine.records.flatMap((step) => annotationsOf(step.commands)),
    commands: machine.records.flatMap((step) => step.commands),
    env: machine.added,
    summary: machine.summary,
    steps: machine.records.map(({ commands, ...rest }) => rest),
    warnings: machine.warnings,
    temp: machine.temp,
  };
}

export function main(words) {
  try {
    const parsed = parseArguments(words);
    const machine = makeMachine(parsed);
    const ended = execute(machine, parsed);
    // What actions put off to the end of the job happens only when it succeeded.
    if (ended.exitCode === 0) {
      machine.post.reverse().forEach((each) => each());
    }
    if (parsed.log) {
      const logs = machine.records.map(({ name, outcome, log }) => `== ${name}: ${outcome}\n${log}`);
      fs.writeFileSync(parsed.log, logs.join(""), "latin1");
    }
    process.stdout.write(`${JSON.stringify(report(machine, ended), null, 2)}\n`);
    process.exitCode = ended.exitCode;
  } catch (error) {
    const isUsage = error instanceof UsageError;
    process.stderr.write(`run-composite: ${error.message}${isUsage ? `\n${usage}` : ""}\n`);
    process.exitCode = isUsage ? 64 : 70;
  }
}
