// Three judges of an action file or a workflow; each gives lines that say what is wrong.
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { validate } from "@actions/languageservice";
import { TextDocument } from "vscode-languageserver-textdocument";
import { parse } from "yaml";

import { FOREIGN, metadataOf } from "./foreign.mjs";

const TESTS = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const ROOT = path.dirname(path.dirname(TESTS));
const OWN = /^OWNER\/perfwarden(\/[a-z]+)?@/;
const SEVERITY_ERROR = 1;

const isAction = (file) => /^action\.ya?ml$/.test(path.basename(file));
const readAction = (directory) => parse(fs.readFileSync(path.join(ROOT, directory, "action.yml"), "utf8"));

// This judge tells an action from a workflow by the end of the file's name, so a workflow gets one that is beyond doubt.
function schemaErrors(file, text) {
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "validate-"));
  const copy = path.join(scratch, isAction(file) ? "action.yml" : "workflow.yml");
  fs.writeFileSync(copy, text);
  const ended = spawnSync(path.join(TESTS, "node_modules/.bin/action-validator"), [copy], { encoding: "utf8" });
  fs.rmSync(scratch, { recursive: true });
  return ended.status === 0 ? [] : [`action-validator: ${(ended.stdout + ended.stderr).trim() || ended.error}`];
}

async function serviceErrors(file, text) {
  const actionsMetadataProvider = {
    fetchActionMetadata: async ({ owner, name, path: below }) =>
      owner === "OWNER" ? readAction(below ?? ".") : metadataOf([owner, name, ...(below ? [below] : [])].join("/")),
  };
  // The service tells an action file from a workflow by its path.
  const uri = isAction(file) ? pathToFileURL(file).href : `file:///.github/workflows/${path.basename(file)}`;
  const diagnostics = await validate(TextDocument.create(uri, "yaml", 1, text), { actionsMetadataProvider });
  return diagnostics
    .filter((each) => (each.severity ?? SEVERITY_ERROR) === SEVERITY_ERROR)
    .map((each) => `languageservice: line ${each.range.start.line + 1}: ${each.message}`);
}

function ownAction(uses) {
  if (uses.startsWith("./")) {
    return readAction(uses);
  }
  const own = OWN.exec(uses);
  return own && readAction(own[1] ? `.${own[1]}` : ".");
}

function usesErrors(step, text) {
  const action = ownAction(step.uses);
  if (action) {
    return Object.keys(step.with ?? {})
      .filter((name) => !(name in (action.inputs ?? {})))
      .map((name) => `'${step.uses}' has no input '${name}'`);
  }
  const [name, commit] = step.uses.split("@");
  const known = FOREIGN[name];
  const line = text.split("\n").find((each) => each.includes(step.uses)) ?? "";
  if (known?.commit !== commit || !line.trimEnd().endsWith(`# ${known.version}`)) {
    return [`'${step.uses}' is not pinned by the commit that tests/action/runner/foreign.mjs names, with its version in a comment`];
  }
  return [];
}

// Expressions in a script are fine where GitHub alone makes their values: numbers, the runner's own folders.
const UNSAFE = /\$\{\{[^}]*\b(inputs|github\.event\b|github\.head_ref|github\.ref_name|github\.actor|steps|matrix|needs|env)\b/;

function stepErrors(step, text) {
  const errors = step.uses ? usesErrors(step, text) : [];
  if (step.run && UNSAFE.test(step.run)) {
    errors.push(`foreign text becomes part of the script '${step.run.split("\n")[0]}'`);
  }
  return errors;
}

function houseErrors(file, text) {
  const document = parse(text);
  const steps = isAction(file) ? document.runs.steps : Object.values(document.jobs).flatMap((job) => job.steps ?? []);
  const errors = steps.flatMap((step) => stepErrors(step, text));
  if (isAction(file)) {
    return errors;
  }
  return document.permissions === undefined ? [...errors, "the workflow names no permissions"] : errors;
}

// A document's examples of whole workflows, each as a file of its own.
function textsOf(file) {
  const text = fs.readFileSync(file, "utf8");
  if (!file.endsWith(".md")) {
    return [{ file, text }];
  }
  const examples = [...text.matchAll(/^```yaml\n([^]*?)^```$/gm)].map((match) => match[1]).filter((each) => /^jobs:/m.test(each));
  return examples.map((each, i) => ({ file: `${file}-example-${i + 1}.yml`, text: each }));
}

async function errorsOf({ file, text }) {
  const found = [...schemaErrors(file, text), ...(await serviceErrors(file, text))];
  try {
    return [...found, ...houseErrors(file, text)];
  } catch (error) {
    return [...found, error.message];
  }
}

/** Exit status 0 when all files are right; with --refuse, when all are wrong. */
export async function main(words) {
  const isRefusing = words[0] === "--refuse";
  const files = words.slice(isRefusing ? 1 : 0).flatMap(textsOf);
  let failures = files.length === 0 ? 1 : 0;
  for (const each of files) {
    const errors = await errorsOf(each);
    errors.forEach((error) => process.stdout.write(`${path.relative(ROOT, path.resolve(each.file))}: ${error}\n`));
    failures += (errors.length > 0) !== isRefusing ? 1 : 0;
  }
  process.stdout.write(`validate: ${files.length - failures} of ${files.length} files as they should be\n`);
  process.exitCode = failures === 0 ? 0 : 1;
}
