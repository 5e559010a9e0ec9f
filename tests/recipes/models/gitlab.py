"""GitLab: jobs chosen by rules, `extends`, one shell for before_script and script, artifacts handed on by `needs`."""

import glob
import os
import re
import shutil

import yaml
from scene import expect


def variables(scene, change):
    """What GitLab sets for a pipeline of the default branch, or of a merge request."""
    head = scene.commits[change]
    env = {"GITLAB_CI": "true", "CI_COMMIT_SHA": head, "CI_DEFAULT_BRANCH": "main", "CI_NODE_TOTAL": "1",
           "CI_SERVER_URL": "file://" + scene.server, "CI_SERVER_HOST": "gitlab.example.org",
           "CI_PROJECT_PATH": "group/project", "PERFWARDEN_PUSH_TOKEN": "s3cret"}
    if change == "main":
        env.update(CI_PIPELINE_SOURCE="push", CI_COMMIT_BRANCH="main")
    else:
        env.update(CI_PIPELINE_SOURCE="merge_request_event", CI_MERGE_REQUEST_IID=scene.number(change),
                   CI_MERGE_REQUEST_TARGET_BRANCH_NAME="main", CI_MERGE_REQUEST_SOURCE_BRANCH_NAME=change,
                   CI_MERGE_REQUEST_DIFF_BASE_SHA=scene.commits["main"], CI_MERGE_REQUEST_SOURCE_BRANCH_SHA="")
    return env


def applies(job, env):
    """Whether one of its rules holds: `$NAME == "text"` or `$NAME == $NAME` is all that the recipes need."""
    for rule in job["rules"]:
        match = re.fullmatch(r'\$(\w+) == (?:"([^"]*)"|\$(\w+))', rule["if"])
        expect(match, "a rule that is not modelled: %s" % rule["if"])
        right = env.get(match[3]) if match[3] else match[2]
        if env.get(match[1]) == right:
            return True
    return False


def extended(config, name):
    job = dict(config[name])
    base = config[job.pop("extends")] if "extends" in job else {}
    return {**base, **job}


def collect(patterns, work, store):
    for pattern in patterns:
        for path in glob.glob(os.path.join(work, pattern)):
            shutil.copy(path, store)


def run_job(scene, job, env, stores):
    """@return status, output, and the clone with what the job left there"""
    head = env["CI_COMMIT_SHA"]
    work = scene.clone(head, "+%s:refs/pipelines/1" % head)
    for needed in job.get("needs", []):
        for path in glob.glob(os.path.join(stores[needed], "*")):
            shutil.copy(path, work)
    script = "\n".join(["set -eo pipefail", *job.get("before_script", []), *job["script"]])
    status, output = scene.run(["bash", "-c", script], work, {**env, "CI_PROJECT_DIR": work, "CI_JOB_NAME": "job"})
    return status, output, work


def check_token(scene, work):
    """The token reaches git when git asks for it."""
    status, output = scene.run(["git", "credential", "fill"], work, {"PERFWARDEN_PUSH_TOKEN": "s3cret"},
                               text="protocol=https\nhost=gitlab.example.org\n\n")
    expect(status == 0 and "username=oauth2\npassword=s3cret\n" in output, "git does not get the token: %s" % output)


def run(scene, text, change):
    config = yaml.safe_load(text)
    env = {**variables(scene, change), **config["variables"]}
    stores = {}
    worst, outputs = 0, ""
    for name in config:
        if name == "variables" or name.startswith("."):
            continue
        job = extended(config, name)
        if not applies(job, env):
            continue
        expect(job["variables"]["GIT_DEPTH"] == "0", "%s: the clone would be shallow" % name)
        stores[name] = scene.directory("artifacts")
        count = job.get("parallel", 1)
        for index in range(1, count + 1):
            nodes = {"CI_NODE_INDEX": str(index), "CI_NODE_TOTAL": str(count)} if "parallel" in job else {}
            status, output, work = run_job(scene, job, {**env, **nodes}, stores)
            worst, outputs = worst or status, outputs + output
            expect(status == 0 or count == 1, "a share failed, so that nobody gives the verdict:\n" + outputs)
            artifacts = job.get("artifacts", {})
            if status == 0 or artifacts.get("when") == "always":
                collect(artifacts.get("paths", []), work, stores[name])
        if "reports" in job.get("artifacts", {}):
            expect(artifacts["when"] == "always", "%s: no reports of a failure" % name)
            scene.check_reports(change, work, junit=artifacts["reports"]["junit"])
            scene.check_metrics(os.path.join(work, artifacts["reports"]["metrics"]))
            expect(os.path.exists(os.path.join(stores[name], "perfwarden.html")), "no page among the artifacts")
    if change == "main":
        check_token(scene, work)
    return worst, outputs
