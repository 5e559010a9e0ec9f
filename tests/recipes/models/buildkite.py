"""Buildkite: steps by condition, variables replaced at upload, parallel jobs, artifacts and annotations by an agent (bin/)."""

import fnmatch
import os
import re
import shutil

import yaml
from scene import expect


def variables(scene, change):
    is_main = change == "main"
    return {"BUILDKITE": "true", "BUILDKITE_BRANCH": change, "BUILDKITE_COMMIT": scene.commits[change],
            "BUILDKITE_PIPELINE_DEFAULT_BRANCH": "main", "BUILDKITE_TAG": "",
            "BUILDKITE_PULL_REQUEST": "false" if is_main else scene.number(change),
            "BUILDKITE_PULL_REQUEST_BASE_BRANCH": "" if is_main else "main"}


def replace_variables(text, env):
    """What `buildkite-agent pipeline upload` does: $$ is a dollar sign, $NAME and ${NAME} are replaced."""
    def value(match):
        return "$" if match[0] == "$$" else env.get(match[1] or match[2], "")
    return re.sub(r"\$\$|\$\{(\w+)\}|\$(\w+)", value, text)


def applies(condition, env):
    is_change = env["BUILDKITE_PULL_REQUEST"] != "false"
    answers = {"build.pull_request.id != null": is_change, "build.pull_request.id == null": not is_change,
               "build.branch == pipeline.default_branch": env["BUILDKITE_BRANCH"] == "main"}
    return all(answers[term] for term in condition.split(" && "))


def upload(patterns, work, store):
    for pattern in filter(None, patterns.split(";")):
        for name in fnmatch.filter(os.listdir(work), pattern):
            shutil.copy(os.path.join(work, name), store)


def check(scene, change, step, work, store):
    scene.check_reports(change, work)
    expect("perfwarden-junit.xml" in os.listdir(store), "JUnit is not among the artifacts")
    with open(os.path.join(store, "annotation"), encoding="utf-8") as file:
        style, context, text = file.read().split("\n", 2)
    expect(style == ("error" if change == "slow" else "success") and context == "perfwarden", "annotated as " + style)
    expect(text.startswith("#"), "annotated with: " + text)


def run(scene, text, change):
    env = variables(scene, change)
    config = yaml.safe_load(replace_variables(text, env))
    env.update(config["env"])
    store = scene.directory("artifacts")
    env["AGENT_STORE"] = store
    outputs, passed = "", set()
    for step in config["steps"]:
        if not applies(step["if"], env) or step.get("depends_on", None) not in {None, *passed}:
            continue
        count = step.get("parallelism", 1)
        for index in range(count):
            work = scene.clone(scene.commits[change])
            nodes = {"BUILDKITE_PARALLEL_JOB": str(index), "BUILDKITE_PARALLEL_JOB_COUNT": str(count)}
            status, output = scene.run(["bash", "-e", "-c", step["command"]], work,
                                       {**env, **(nodes if "parallelism" in step else {})})
            outputs += output
            upload(step.get("artifact_paths", ""), work, store)
            if "annotate" in step["command"]:
                check(scene, change, step, work, store)
            if status != 0:
                expect("parallelism" not in step, "a share failed, so that nobody gives the verdict:\n" + outputs)
                return status, outputs
        passed.add(step.get("key"))
    return 0, outputs
