"""CircleCI: a workflow's jobs by branch and by what they require, parallel containers, a workspace handed on."""

import os
import shutil

import yaml
from scene import expect


def wants(job, branch):
    branches = job["filters"]["branches"]
    return branches.get("only") == branch if "only" in branches else branches["ignore"] != branch


class Container:
    def __init__(self, scene, job, change, workspace, node):
        self.scene = scene
        self.workspace = workspace
        self.change = change
        self.results = None
        self.work = scene.directory("container")
        bash_env = os.path.join(scene.directory("bash-env"), "env")
        with open(bash_env, "w", encoding="utf-8"):
            pass
        self.env = {"CIRCLECI": "true", "CIRCLE_BRANCH": change, "CIRCLE_SHA1": scene.commits[change],
                    "CIRCLE_NODE_INDEX": str(node), "CIRCLE_NODE_TOTAL": str(job.get("parallelism", 1)),
                    "BASH_ENV": bash_env, **job["environment"]}

    def step(self, step):
        (kind, value), = step.items()
        if kind == "checkout":
            expect(value == {"method": "full"}, "a clone without the blobs of the base")
            self.work = self.scene.clone(self.scene.commits[self.change])
        elif kind == "run":
            expect("<<" not in value["command"], "CircleCI would read << itself")
            return self.scene.run(["bash", "-eo", "pipefail", "-c", value["command"]], self.work, self.env)
        elif kind == "persist_to_workspace":
            for path in value["paths"]:
                shutil.copytree(os.path.join(self.work, path), os.path.join(self.workspace, path), dirs_exist_ok=True)
        elif kind == "attach_workspace":
            shutil.copytree(self.workspace, os.path.join(self.work, value["at"]), dirs_exist_ok=True)
        elif kind == "store_test_results":
            self.results = value["path"]
        else:
            expect(kind == "store_artifacts", "a step that is not modelled: " + kind)
        return 0, ""

    def run(self, steps):
        """What stores test results and artifacts runs after a failure too."""
        status, output = 0, ""
        for step in steps:
            if status == 0 or next(iter(step)).startswith("store_"):
                ended, more = self.step(step)
                status, output = status or ended, output + more
        return status, output


def run(scene, text, change):
    config = yaml.safe_load(text)
    workspace = scene.directory("workspace")
    outputs, passed = "", set()
    for entry in config["workflows"]["perfwarden"]["jobs"]:
        (name, described), = entry.items()
        if not wants(described, change) or not passed.issuperset(described.get("requires", [])):
            continue
        job = config["jobs"][name]
        statuses = []
        for node in range(job.get("parallelism", 1)):
            container = Container(scene, job, change, workspace, node)
            status, output = container.run(job["steps"])
            statuses.append(status)
            outputs += output
        if container.results:
            scene.check_reports(change, os.path.join(container.work, container.results), junit="perfwarden/junit.xml")
        if any(statuses):
            expect("parallelism" not in job, "a share failed, so that nobody gives the verdict:\n" + outputs)
            return max(statuses), outputs
        passed.add(name)
    expect(passed & {"perfwarden", "perfwarden-baseline"}, "no job gave a verdict")
    return 0, outputs
