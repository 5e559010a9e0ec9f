// The files through which a step speaks to the runner: GITHUB_OUTPUT and its like.
import fs from "node:fs";

/** The pairs of a file of `name=value` and `name<<delimiter` lines. Anything else is an error, as in the runner. */
export function parsePairs(text, what) {
  const pairs = {};
  const lines = text.split("\n");
  for (let i = 0; i < lines.length; i += 1) {
    const line = lines[i].replace(/\r$/, "");
    if (line === "") {
      continue;
    }
    const equals = line.indexOf("=");
    const heredoc = line.indexOf("<<");
    if (equals >= 0 && (heredoc < 0 || equals < heredoc)) {
      pairs[line.slice(0, equals)] = line.slice(equals + 1);
      continue;
    }
    const delimiter = heredoc < 0 ? "" : line.slice(heredoc + 2);
    if (heredoc < 1 || delimiter === "") {
      throw new Error(`Unable to process file command '${what}': invalid format '${line}'`);
    }
    const value = [];
    for (i += 1; i < lines.length && lines[i].replace(/\r$/, "") !== delimiter; i += 1) {
      value.push(lines[i]);
    }
    if (i >= lines.length) {
      throw new Error(`Unable to process file command '${what}': matching delimiter not found '${delimiter}'`);
    }
    pairs[line.slice(0, heredoc)] = value.join("\n");
  }
  return pairs;
}

/** Fresh, empty files for one step, under a directory. */
export function makeFiles(directory, index) {
  const files = {};
  for (const name of ["OUTPUT", "ENV", "PATH", "STATE", "STEP_SUMMARY"]) {
    files[`GITHUB_${name}`] = `${directory}/${name.toLowerCase()}_${index}`;
    fs.writeFileSync(files[`GITHUB_${name}`], "");
  }
  return files;
}

/** What a step has left in its files. */
export function readFiles(files) {
  const read = (name) => fs.readFileSync(files[name], "utf8");
  return {
    outputs: parsePairs(read("GITHUB_OUTPUT"), "output"),
    env: parsePairs(read("GITHUB_ENV"), "env"),
    paths: read("GITHUB_PATH").split("\n").filter((line) => line !== ""),
    summary: read("GITHUB_STEP_SUMMARY"),
  };
}
