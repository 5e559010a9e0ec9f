"""Azure Pipelines: jobs and steps with conditions, logging commands in what a step prints, the tasks that take files."""

import os
import re

import yaml
from scene import expect, line_of


def variables(scene, change):
    if change == "main":
        return {"TF_BUILD": "True", "BUILD_REASON": "IndividualCI", "BUILD_SOURCEBRANCH": "refs/heads/main",
                "BUILD_SOURCEVERSION": scene.commits["main"]}
    return {"TF_BUILD": "True", "BUILD_REASON": "PullRequest",
            "BUILD_SOURCEBRANCH": "refs/pull/%s/merge" % scene.number(change),
            "BUILD_SOURCEVERSION": scene.commits[change + "-merge"],
            "SYSTEM_PULLREQUEST_TARGETBRANCH": "main", "SYSTEM_PULLREQUEST_SOURCEBRANCH": change,
            "SYSTEM_PULLREQUEST_SOURCECOMMITID": scene.commits[change]}


def holds(condition, env, has_failed=False):
    """The functions that the recipe uses, on variables by their names."""
    names = {"eq": lambda a, b: a == b, "ne": lambda a, b: a != b, "always": lambda: True,
             "all_": lambda *each: all(each), "succeeded": lambda: not has_failed,
             "variables": {"Build.Reason": env["BUILD_REASON"], "Build.SourceBranch": env["BUILD_SOURCEBRANCH"]}}
    return eval(re.sub(r"\band\(", "all_(", condition), {"__builtins__": {}}, names)  # the project's own file


class Job:
    def __init__(self, scene, env):
        self.scene = scene
        self.env = env
        self.status = 0
        self.output = ""
        self.summaries = []
        self.tasks = {}
        refspecs = ["+refs/heads/*:refs/remotes/origin/*"]
        if env["BUILD_REASON"] == "PullRequest":
            refspecs.append("+%s:%s" % (env["BUILD_SOURCEBRANCH"], env["BUILD_SOURCEBRANCH"].replace("refs/", "refs/remotes/")))
        self.work = scene.clone(env["BUILD_SOURCEVERSION"], *refspecs)

    def obey(self, output):
        for path in re.findall(r"^##vso\[task\.prependpath\](.*)$", output, re.MULTILINE):
            self.env["PATH"] = "%s:%s" % (path, self.env.get("PATH", self.scene.path))
        self.summaries += re.findall(r"^##vso\[task\.uploadsummary\](.*)$", output, re.MULTILINE)

    def step(self, step):
        if not holds(step.get("condition", "succeeded()"), self.env, self.status != 0):
            return
        if "bash" in step:  # without -e: a script says so itself
            status, output = self.scene.run(["bash", "--noprofile", "--norc", "-c", step["bash"]], self.work, self.env)
            self.output += output
            self.obey(output)
            self.status = self.status or status
        elif "task" in step:
            self.tasks[step["task"]] = step["inputs"]
        else:
            expect(step.get("fetchDepth") == 0 and step.get("persistCredentials") is True, "a shallow or locked checkout")


def check(job, change):
    publish = job.tasks["PublishTestResults@2"]
    expect(publish["testResultsFormat"] == "JUnit", "another format of test results")
    job.scene.check_reports(change, job.work, junit=publish["testResultsFiles"])
    expect(job.summaries == [os.path.join(job.work, "perfwarden.md")], "summaries: %r" % job.summaries)
    expect(os.path.exists(os.path.join(job.work, job.tasks["PublishPipelineArtifact@1"]["targetPath"])), "no page")


def check_annotations(job, change):
    """The program finds out itself whom it speaks to; they point at the line of the benchmark."""
    found = re.findall(r"^##vso\[task\.logissue type=error;sourcepath=perfwarden\.yml;linenumber=(\d+)", job.output, re.MULTILINE)
    expect(found == ([line_of("encode")] if change == "slow" else []), "annotations: %r in\n%s" % (found, job.output))


def run(scene, text, change):
    config = yaml.safe_load(text)
    worst, outputs = 0, ""
    for described in config["jobs"]:
        env = {**variables(scene, change), **config["variables"]}
        if not holds(described["condition"], env):
            continue
        job = Job(scene, env)
        for step in described["steps"]:
            job.step(step)
        if job.tasks:
            check(job, change)
            check_annotations(job, change)
        worst, outputs = worst or job.status, outputs + job.output
    return worst, outputs
