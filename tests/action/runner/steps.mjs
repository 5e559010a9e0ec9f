// Steps one after the other: conditions, environment, shells, outputs, and actions within.
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { parse } from "yaml";

import { parseCommands } from "./commands.mjs";
import { holds, interpolate } from "./expressions.mjs";
import { makeFiles, readFiles } from "./files.mjs";
import { modelOf } from "./models.mjs";

const TIMEOUT_MS = 540_000;
const SHELLS = {
  bash: ["bash", "--noprofile", "--norc", "-eo", "pipefail"],
  sh: ["sh", "-e"],
  unspecified: ["bash", "-e"],
};

const mapValues = (pairs, change) => Object.fromEntries(Object.entries(pairs ?? {}).map(([k, v]) => [k, change(v, k)]));

/** What a step of this scope may refer to. */
function contextOf(machine, scope, stepEnv) {
  return { ...scope.context, env: { ...machine.env, ...scope.env, ...machine.added, ...stepEnv }, steps: scope.steps };
}

function environmentOf(machine, scope, stepEnv, files) {
  const env = { ...machine.base, ...machine.env, ...scope.env, ...machine.added, ...stepEnv, ...files };
  if (machine.paths.length > 0) {
    env.PATH = [...machine.paths, env.PATH].join(":");
  }
  return env;
}

function runScript(machine, scope, step, stepEnv, context, hasFailed) {
  if (scope.isComposite && !step.shell) {
    throw new Error(`step '${step.name ?? step.id}' of a composite action needs a shell`);
  }
  const shell = SHELLS[step.shell ?? scope.shell ?? "unspecified"];
  if (!shell) {
    throw new Error(`shell '${step.shell}' is not modelled`);
  }
  const index = (machine.count += 1);
  const files = makeFiles(machine.commandFiles, index);
  const script = path.join(machine.commandFiles, `script_${index}.sh`);
  fs.writeFileSync(script, `${interpolate(step.run, context, hasFailed)}\n`);
  const directory = interpolate(step["working-directory"] ?? scope.directory ?? "", context, hasFailed);
  const logFile = path.join(machine.commandFiles, `log_${index}`);
  const log = fs.openSync(logFile, "a");
  const ended = spawnSync(shell[0], [...shell.slice(1), script], {
    cwd: path.resolve(machine.workspace, directory),
    env: environmentOf(machine, scope, stepEnv, files),
    stdio: ["ignore", log, log],
    timeout: TIMEOUT_MS,
  });
  fs.closeSync(log);
  const left = readFiles(files);
  Object.assign(machine.added, left.env);
  machine.paths.unshift(...left.paths.reverse());
  machine.summary += left.summary;
  return {
    exitCode: ended.status ?? (ended.error ? 127 : 128),
    outputs: left.outputs,
    log: fs.readFileSync(logFile, "latin1") + (ended.error ? `${ended.error.message}\n` : ""),
  };
}

// The folder of an action in this workspace, or of one that the caller lends for its name elsewhere.
function actionDirectory(machine, uses) {
  if (uses.startsWith("./")) {
    return { directory: path.resolve(machine.workspace, uses), repository: "" };
  }
  const name = uses.split("@")[0];
  const lent = machine.uses[name];
  return lent && { directory: path.resolve(lent), repository: name.split("/").slice(0, 2).join("/") };
}

function usesAction(machine, scope, step, stepEnv, context, hasFailed) {
  const inputs = mapValues(step.with, (value) => interpolate(value, context, hasFailed));
  const local = actionDirectory(machine, step.uses);
  if (local) {
    const ended = runAction(machine, { ...scope, env: { ...scope.env, ...stepEnv } }, local, inputs);
    return { exitCode: ended.exitCode, outputs: ended.outputs, log: "" };
  }
  const model = modelOf(step.uses);
  if (!model) {
    throw new Error(`'${step.uses}' is not modelled; lend a folder with '--uses'`);
  }
  try {
    return { exitCode: 0, outputs: model({ machine, inputs, directory: machine.workspace }), log: "" };
  } catch (error) {
    return { exitCode: 1, outputs: {}, log: `${error.message}\n` };
  }
}

function record(machine, step, scope, ended, outcome, conclusion) {
  const log = ended?.log ?? "";
  machine.records.push({
    name: step.name ?? step.id ?? step.uses ?? String(step.run).split("\n")[0],
    id: step.id,
    depth: scope.depth,
    outcome,
    conclusion,
    exit_code: ended?.exitCode,
    outputs: ended?.outputs,
    log,
    commands: parseCommands(log),
  });
}

function runStep(machine, scope, step) {
  const before = contextOf(machine, scope, {});
  if (!holds(step.if, before, scope.hasFailed)) {
    record(machine, step, scope, undefined, "skipped", "skipped");
    return { outcome: "skipped", conclusion: "skipped", outputs: {} };
  }
  const stepEnv = mapValues(step.env, (value) => interpolate(value, before, scope.hasFailed));
  const context = contextOf(machine, scope, stepEnv);
  const execute = step.uses ? usesAction : runScript;
  const ended = execute(machine, scope, step, stepEnv, context, scope.hasFailed);
  const outcome = ended.exitCode === 0 ? "success" : "failure";
  const mayFail = interpolate(step["continue-on-error"] ?? "false", context, scope.hasFailed) === "true";
  const conclusion = mayFail ? "success" : outcome;
  if (conclusion === "failure" && !scope.hasFailed) {
    scope.hasFailed = true;
    scope.exitCode = ended.exitCode;
  }
  record(machine, step, scope, ended, outcome, conclusion);
  return { outcome, conclusion, outputs: ended.outputs };
}

/** Runs all steps of a scope; its exit code is that of the first that failed. */
export function runSteps(machine, scope, steps) {
  scope.steps = {};
  scope.exitCode = 0;
  scope.hasFailed = false;
  for (const step of steps) {
    const ended = runStep(machine, scope, step);
    if (step.id) {
      scope.steps[step.id] = ended;
    }
  }
}

export function readAction(directory) {
  const file = ["action.yml", "action.yaml"].map((name) => path.join(directory, name)).find((each) => fs.existsSync(each));
  if (!file) {
    throw new Error(`there is no action.yml in '${directory}'`);
  }
  const action = parse(fs.readFileSync(file, "utf8"));
  if (action.runs?.using !== "composite") {
    throw new Error(`'${file}' is no composite action`);
  }
  return action;
}

/** Runs a composite action within a scope. `inputs` are what `with` gives; the rest have their defaults. */
export function runAction(machine, outer, { directory, repository }, inputs) {
  const action = readAction(directory);
  const known = Object.keys(action.inputs ?? {});
  for (const name of Object.keys(inputs).filter((each) => !known.includes(each))) {
    machine.warnings.push(`Unexpected input '${name}', valid inputs are ${known.join(", ")}`);
  }
  const github = { ...outer.context.github, action_path: directory, action_repository: repository };
  const { runner, job } = outer.context;
  const given = mapValues(action.inputs, (input, name) => inputs[name] ?? interpolate(input?.default ?? "", { github, runner }));
  const scope = {
    isComposite: true,
    depth: outer.depth + 1,
    context: { github, runner, job, inputs: given },
    // A composite's scripts do not see which repository it came from, though its expressions do.
    env: { ...outer.env, GITHUB_ACTION_PATH: directory },
  };
  runSteps(machine, scope, action.runs.steps);
  const outputs = mapValues(action.outputs, ({ value }) => interpolate(value, contextOf(machine, scope, {})));
  return { exitCode: scope.exitCode, outputs };
}
