// The runner model itself: what it obeys, evaluates and refuses.
import assert from "node:assert/strict";
import fs from "node:fs";

import { annotationsOf, parseCommands } from "../runner/commands.mjs";
import { holds, interpolate } from "../runner/expressions.mjs";
import { parsePairs } from "../runner/files.mjs";

const CONTEXT = {
  inputs: { a: "x", b: "" },
  steps: { one: { outputs: { hit: "true" }, outcome: "success" } },
  github: { event: { pull_request: { number: 5 } } },
};

function expressions() {
  assert.equal(interpolate("a ${{ inputs.a }} ${{ inputs['a'] }}${{ '}}' }}", CONTEXT), "a x x}}");
  assert.equal(interpolate("${{ github.event.pull_request.number }}${{ inputs.absent }}", CONTEXT), "5");
  assert.equal(interpolate("${{ inputs.b || steps.one.outputs.hit }}", CONTEXT), "true");
  assert.equal(interpolate("${{ inputs.hostile }}", { inputs: { hostile: "${{ github.token }}" } }), "${{ github.token }}");
  assert.equal(holds(undefined, CONTEXT, false), true);
  assert.equal(holds(undefined, CONTEXT, true), false);
  assert.equal(holds("inputs.a == 'x'", CONTEXT, true), false);
  assert.equal(holds("always() && inputs.a == 'x'", CONTEXT, true), true);
  assert.equal(holds("${{ failure() || inputs.b != '' }}", CONTEXT, false), false);
  assert.equal(holds("!cancelled() && steps.one.outputs.hit == 'true' && steps.two.outcome != 'failure'", CONTEXT, true), true);
}

function commands() {
  const text = [
    "::error file=a%2Cb,line=3::x%0Ay%25", "text ::error::no", "  ::notice::blanks before", "##[warning]old", "say ##[add-mask]x",
    "::stop-commands::token", "::error::quoted", "::token::", "::unknown::x", "::warning no end",
  ].join("\n");
  assert.deepEqual(annotationsOf(parseCommands(text)), [
    { level: "error", file: "a,b", line: "3", message: "x\ny%" },
    { level: "notice", message: "blanks before" },
    { level: "warning", message: "old" },
  ]);
  assert.deepEqual(parseCommands(text).map((each) => each.name), ["error", "notice", "warning", "add-mask", "stop-commands"]);
}

function files() {
  assert.deepEqual(parsePairs("a=b=c\nd<<E\nx=1\n\ny\nE\n", "output"), { a: "b=c", d: "x=1\n\ny" });
  assert.throws(() => parsePairs("nonsense\n", "output"), /invalid format/);
  assert.throws(() => parsePairs("a<<E\nx\n", "output"), /delimiter not found/);
}

const ACTION = `
name: a
description: d
inputs: {word: {description: w, default: "\${{ github.repository }}"}}
outputs: {said: {description: s, value: "\${{ steps.say.outputs.said }}"}}
runs:
  using: composite
  steps:
    - {id: say, shell: bash, env: {W: "\${{ inputs.word }}"}, run: 'echo "said=$W" >>"$GITHUB_OUTPUT"; echo A=1 >>"$GITHUB_ENV"'}
    - {shell: bash, continue-on-error: true, run: exit 4}
    - {shell: bash, run: 'exit $((A + 2))'}
    - {shell: bash, run: echo never}
    - {shell: bash, if: failure(), run: 'echo "last" >>"$GITHUB_STEP_SUMMARY"'}
`;

function steps(stage) {
  stage.open({ hasBaseline: false });
  fs.mkdirSync(stage.path("action"));
  fs.writeFileSync(stage.path("action", "action.yml"), ACTION);
  const acted = stage.act({ unknown: "x" }, { action: stage.path("action") });
  assert.equal(acted.status, 3);
  assert.deepEqual(acted.outputs, { said: "octo/project" });
  assert.deepEqual(acted.steps.map((step) => step.outcome), ["success", "failure", "failure", "skipped", "success"]);
  assert.equal(acted.summary, "last\n");
  assert.match(acted.warnings[0], /Unexpected input 'unknown'/);
}

export const scenes = { expressions, commands, files, steps };
