// Which jobs of a workflow an event starts, by the workflow's `on` and the jobs' `if`:
//   node job-applies.mjs WORKFLOW EVENT EVENT_FILE REF_NAME
import fs from "node:fs";
import { createRequire } from "node:module";

import { holds } from "../action/runner/expressions.mjs";

const { parse } = createRequire(new URL("../action/package.json", import.meta.url))("yaml");
const [workflowFile, name, eventFile, refName] = process.argv.slice(2);
const workflow = parse(fs.readFileSync(workflowFile, "utf8"));
const event = JSON.parse(fs.readFileSync(eventFile, "utf8"));
const github = { event_name: name, event, ref_name: refName };
const trigger = workflow.on[name];
const isStarted =
  trigger !== undefined &&
  (!trigger?.branches || trigger.branches.includes(refName)) &&
  (!trigger?.types || trigger.types.includes(event.action)) &&
  (!trigger?.workflows || trigger.workflows.includes(event.workflow_run.name));
for (const [id, job] of Object.entries(workflow.jobs)) {
  if (isStarted && holds(job.if, { github }, false)) {
    process.stdout.write(`${id}\n`);
  }
}
