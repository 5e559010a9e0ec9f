"""GitHub: tests/action/run-composite runs the jobs; here are the events, the clones, and which jobs an event starts."""

import json
import os

from scene import RECIPES, ROOT, expect

RUNNER = os.path.join(ROOT, "tests", "action", "run-composite")


class Event:
    """A push to main or a pull request: the event's file, the variables, and the commit that is checked out."""

    def __init__(self, scene, change):
        self.name = "push" if change == "main" else "pull_request"
        self.file = os.path.join(scene.directory("event"), "event.json")
        repository = {"default_branch": "main", "full_name": "octo/project"}
        if change == "main":
            self.commit = scene.commits["main"]
            self.ref = "refs/heads/main"
            payload = {"ref": self.ref, "after": self.commit, "repository": repository}
            self.env = {"GITHUB_REF_NAME": "main"}
        else:
            number = scene.number(change)
            self.commit = scene.commits[change + "-merge"]
            self.ref = "refs/pull/%s/merge" % number
            head = {"ref": change, "sha": scene.commits[change], "repo": {"full_name": "octo/project", "fork": False}}
            base = {"ref": "main", "sha": scene.commits["main"], "repo": repository}
            payload = {"action": "opened", "number": int(number), "repository": repository,
                       "pull_request": {"number": int(number), "head": head, "base": base, "merge_commit_sha": self.commit}}
            self.env = {"GITHUB_REF_NAME": "%s/merge" % number, "GITHUB_BASE_REF": "main", "GITHUB_HEAD_REF": change}
        self.env.update(GITHUB_REF=self.ref, GITHUB_SHA=self.commit)
        with open(self.file, "w", encoding="utf-8") as file:
            json.dump(payload, file)

    def clone(self, scene):
        refspecs = ["+refs/heads/*:refs/remotes/origin/*"]
        if self.name == "pull_request":
            refspecs.append("+%s:%s" % (self.ref, self.ref.replace("refs/", "refs/remotes/")))
        return scene.clone(self.commit, *refspecs)


def run_job(scene, workflow, job, event, work, words=(), artifacts=None):
    """@return what run-composite tells of the job, as a dictionary"""
    command = [RUNNER, "--workflow", os.path.join(RECIPES, workflow), "--job", job, "--event", event.name,
               "--event-file", event.file, "--workspace", work, "--temp", scene.directory("runner"),
               "--cache", os.path.join(scene.scratch, "cache"), "--artifacts", artifacts or scene.directory("artifacts"), *words]
    for name, value in event.env.items():
        command += ["--env", "%s=%s" % (name, value)]
    status, output = scene.run(command, work)
    expect(status not in (64, 70), output)
    return json.loads(output)


def log_of(told):
    return "".join(step["log"] for step in told["steps"])


def run_plain(scene, _text, change):
    event = Event(scene, change)
    work = event.clone(scene)
    artifacts = scene.directory("artifacts")
    told = run_job(scene, "github-without-action.yml", "baseline" if change == "main" else "check", event, work,
                   artifacts=artifacts)
    if change != "main":
        scene.check_reports(change, os.path.join(artifacts, "perfwarden"))
        expect(("Perf-Accept:" in told["summary"]) == (change == "slow"), "summary: " + told["summary"])
    return told["exit_code"], log_of(told)
