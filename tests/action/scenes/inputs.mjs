// Inputs that try to be more than text, and inputs that cannot be meant.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { parse } from "yaml";

import { ROOT, annotation, logOf } from "./stage.mjs";

const HOSTILE = [
  'x"; echo pwned >pwned #', "$(touch pwned)", "`touch pwned`", "x'; touch pwned; '", "--help", "-", "a\nb\n::error::x",
  "##[add-mask]x", "%0A::error::pwned", "${{ github.token }}", "../../pwned", "a\r::error::x", "\\", "*", "~",
];

// Each input is given a few of them in turn, so that together all inputs have seen each.
const EACH = 2;
const someFor = (i) => Array.from({ length: EACH }, (_, k) => HOSTILE[(i * EACH + k) % HOSTILE.length]);

const inputsOf = (action) => Object.keys(parse(fs.readFileSync(path.join(action, "action.yml"), "utf8")).inputs);

// Nothing was executed, obeyed or leaked, whatever the input made of the run.
function assertHarmless(stage, acted, name, value) {
  const what = `${name}=${JSON.stringify(value)}`;
  assert.deepEqual(fs.readdirSync(stage.project).filter((each) => each === "pwned"), [], what);
  const obeyed = acted.commands.filter((each) => !["error", "warning", "notice", "group", "endgroup", "stop-commands"].includes(each.name));
  assert.deepEqual(obeyed, [], what);
  assert.ok(acted.annotations.every((each) => !["x", "pwned"].includes(each.message.trim())), what);
  assert.ok(!logOf(acted).includes("ghs_model"), what);
  assert.ok([0, 2, 3, 5].includes(acted.status), `${what} ended with ${acted.status}`);
  assert.deepEqual(acted.env, {}, what);
}

function hostileInputs(stage) {
  stage.open();
  stage.openPullRequest(1010);
  stage.github({});
  for (const [i, name] of inputsOf(ROOT).entries()) {
    for (const value of someFor(i)) {
      const acted = stage.act({ [name]: value }, { event: "pull_request" });
      assertHarmless(stage, acted, name, value);
      if (acted.outputs["exit-code"] !== undefined) {
        assert.ok(/^[0-9]+$/.test(acted.outputs["exit-code"]), `${name}: ${acted.outputs["exit-code"]}`);
      }
      stage.git("clean", "--quiet", "--force", "-d", "-x");
    }
  }
}

function hostileInputsOfComment(stage) {
  stage.open();
  stage.openPullRequest(1010);
  stage.github({});
  const { outputs } = stage.act({ comment: "never" }, { event: "pull_request" });
  const action = path.join(ROOT, "comment");
  for (const [i, name] of inputsOf(action).entries()) {
    for (const value of someFor(i + 1)) {
      const acted = stage.act({ comparison: outputs.comparison, [name]: value }, { action, event: "pull_request" });
      assertHarmless(stage, acted, name, value);
    }
  }
}

const UNKNOWN = {
  command: "history", comment: "maybe", "push-baselines": "yes", fail: "nope", junit: "-", html: "-", config: "",
  "working-directory": "absent", version: "-v1", base: "a\nb", filter: "a\tb",
};

function unknownValues(stage) {
  stage.open();
  for (const [name, value] of Object.entries(UNKNOWN)) {
    const acted = stage.act({ [name]: value });
    assert.equal(acted.status, 2, `${name}: ${logOf(acted)}`);
    assert.equal(acted.outputs["exit-code"], "2");
    assert.equal(acted.outputs.verdict, "error");
    annotation(acted, "error", new RegExp(`^input '${name}'`));
  }
}

// A report must not take the place of what the repository has.
function reportOverSource(stage) {
  stage.open();
  const file = path.join(stage.project, "perfwarden.yml");
  const before = fs.readFileSync(file, "utf8");
  for (const name of ["junit", "html", "markdown"]) {
    const acted = stage.act({ [name]: "./perfwarden.yml" });
    assert.equal(acted.status, 2, `${name}: ${logOf(acted)}`);
    annotation(acted, "error", new RegExp(`^input '${name}' names a file that the repository has`));
    assert.equal(fs.readFileSync(file, "utf8"), before);
  }
}

function severalFilters(stage) {
  stage.open();
  stage.commitWork(1000);
  const acted = stage.act({ filter: "absent\nwo*\n" });
  assert.equal(acted.status, 0, logOf(acted));
  assert.equal(acted.outputs.verdict, "pass");
}

// docs/action.md has a table of the inputs of each action, with their defaults, and one of the outputs.
function documented() {
  const text = fs.readFileSync(path.join(ROOT, "docs/action.md"), "utf8");
  const tables = text.split("\n\n").filter((each) => each.startsWith("| input | default |"));
  for (const [i, action] of [ROOT, path.join(ROOT, "comment")].entries()) {
    const { inputs, outputs } = parse(fs.readFileSync(path.join(action, "action.yml"), "utf8"));
    const rows = tables[i].split("\n").slice(2).map((row) => row.split("|").map((cell) => cell.trim().replaceAll("`", "")));
    assert.deepEqual(rows.map((row) => [row[1], row[2]]), Object.entries(inputs).map(([name, each]) => [name, String(each.default)]));
    Object.keys(outputs).forEach((name) => assert.ok(text.includes(`\`${name}\``), name));
  }
}

export const scenes = {
  documented, hostileInputs, hostileInputsOfComment, unknownValues, reportOverSource,
  severalFilters,
};
