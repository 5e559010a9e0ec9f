// Runs the scenes of all files, each in a folder of its own, and says which failed.
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

import { scenes as build } from "./build.mjs";
import { scenes as cache } from "./cache.mjs";
import { scenes as comments } from "./comments.mjs";
import { scenes as forks } from "./forks.mjs";
import { scenes as inputs } from "./inputs.mjs";
import { scenes as runner } from "./runner.mjs";
import { scenes as verdicts } from "./verdicts.mjs";
import { Stage } from "./stage.mjs";

const GROUPS = { runner, verdicts, inputs, comments, forks, cache, build };
const ALL = Object.assign({}, ...Object.values(GROUPS));

function parseArguments(words) {
  const selected = [];
  let program;
  for (let i = 0; i < words.length; i += 1) {
    if (words[i] === "--program") {
      i += 1;
      program = words[i] && path.resolve(words[i]);
    } else if (ALL[words[i]] || GROUPS[words[i]]) {
      selected.push(...(GROUPS[words[i]] ? Object.keys(GROUPS[words[i]]) : [words[i]]));
    } else {
      throw new Error(`no scene or group '${words[i]}'; known are ${Object.keys({ ...GROUPS, ...ALL }).join(", ")}`);
    }
  }
  if (!program || !fs.existsSync(program)) {
    throw new Error("option '--program' must name the built program");
  }
  return { program, selected: selected.length > 0 ? selected : Object.keys(ALL) };
}

function runScene(name, program, root) {
  try {
    ALL[name](new Stage(path.join(root, name), program));
    return true;
  } catch (error) {
    process.stdout.write(`FAIL ${name}: ${error.stack}\n`);
    return false;
  }
}

export function main(words) {
  const { program, selected } = parseArguments(words);
  const root = fs.mkdtempSync(path.join(os.tmpdir(), "scenarios-"));
  try {
    const failed = selected.filter((name) => !runScene(name, program, root));
    process.stdout.write(`scenarios: ${selected.length - failed.length} passed, ${failed.length} failed\n`);
    process.exitCode = failed.length === 0 ? 0 : 1;
  } finally {
    fs.rmSync(root, { recursive: true, force: true });
  }
}
