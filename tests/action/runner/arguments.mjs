// The command line of run-composite: one table of options, nothing guessed.
import path from "node:path";

export class UsageError extends Error {}

const OPTIONS = {
  "--action": { name: "action", what: "DIR" },
  "--workflow": { name: "workflow", what: "FILE" },
  "--job": { name: "job", what: "ID" },
  "--input": { name: "inputs", what: "NAME=VALUE", many: true },
  "--uses": { name: "uses", what: "OWNER/NAME[/PATH]=DIR", many: true },
  "--matrix": { name: "matrix", what: "NAME=VALUE", many: true },
  "--secret": { name: "secrets", what: "NAME=VALUE", many: true },
  "--env": { name: "env", what: "NAME=VALUE", many: true },
  "--event": { name: "event", what: "NAME" },
  "--event-file": { name: "eventFile", what: "FILE" },
  "--workspace": { name: "workspace", what: "DIR" },
  "--cache": { name: "cache", what: "DIR" },
  "--artifacts": { name: "artifacts", what: "DIR" },
  "--temp": { name: "temp", what: "DIR" },
  "--log": { name: "log", what: "FILE" },
};

const PATHS = ["action", "workflow", "eventFile", "workspace", "cache", "artifacts", "temp", "log"];

export const usage = `usage: run-composite (--action DIR | --workflow FILE --job ID) [OPTION...]
${Object.entries(OPTIONS)
  .map(([word, { what, many }]) => `  ${word} ${what}${many ? " (may be given again)" : ""}`)
  .join("\n")}`;

function addPair(pairs, word, value) {
  const equals = value.indexOf("=");
  if (equals < 1) {
    throw new UsageError(`option '${word}' needs NAME=VALUE`);
  }
  pairs[value.slice(0, equals)] = value.slice(equals + 1);
}

/** What the words of the command line say; paths are made absolute. */
export function parseArguments(words) {
  const parsed = { event: "push", workspace: "." };
  for (const { name, many } of Object.values(OPTIONS)) {
    if (many) {
      parsed[name] = {};
    }
  }
  for (let i = 0; i < words.length; i += 2) {
    const option = OPTIONS[words[i]];
    if (!option) {
      throw new UsageError(`unknown option '${words[i]}'`);
    }
    if (i + 1 >= words.length) {
      throw new UsageError(`option '${words[i]}' needs a value: ${option.what}`);
    }
    if (option.many) {
      addPair(parsed[option.name], words[i], words[i + 1]);
    } else {
      parsed[option.name] = words[i + 1];
    }
  }
  if (Boolean(parsed.action) === Boolean(parsed.workflow && parsed.job)) {
    throw new UsageError("either '--action' or '--workflow' and '--job' must be given");
  }
  for (const name of PATHS) {
    if (parsed[name] !== undefined) {
      parsed[name] = path.resolve(parsed[name]);
    }
  }
  return parsed;
}
