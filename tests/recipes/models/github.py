"""GitHub: tests/action/run-composite runs the jobs; here are the events, the clones, and which jobs an event starts."""

import json
import os

from scene import RECIPES, ROOT, expect

RUNNER = os.path.join(ROOT, "tests", "action", "run-composite")
REPOSITORY = {"default_branch": "main", "full_name": "octo/project"}


class Event:
    """What starts a workflow: the event's file, the variables, and the commit that is checked out."""

    def __init__(self, scratch, name, commit, ref, payload, env):
        self.name = name
        self.commit = commit
        self.ref = ref
        self.env = {**env, "GITHUB_REF": ref, "GITHUB_SHA": commit}
        self.file = os.path.join(scratch.directory("event"), "event.json")
        with open(self.file, "w", encoding="utf-8") as file:
            json.dump(payload, file)

    @classmethod
    def push(cls, scratch, commit):
        payload = {"ref": "refs/heads/main", "after": commit, "repository": REPOSITORY}
        return cls(scratch, "push", commit, "refs/heads/main", payload, {"GITHUB_REF_NAME": "main"})

    @classmethod
    def pull_request(cls, scratch, number, branch, head, base, merge):
        """Of the commits that are the branch, its base, and the merge of both, which is what GitHub checks out."""
        origin = {"full_name": "octo/project", "fork": False, "owner": {"login": "octo"}}
        change = {"number": int(number), "merge_commit_sha": merge, "head": {"ref": branch, "sha": head, "repo": origin},
                  "base": {"ref": "main", "sha": base, "repo": REPOSITORY}}
        payload = {"action": "opened", "number": int(number), "repository": REPOSITORY, "pull_request": change}
        env = {"GITHUB_REF_NAME": "%s/merge" % number, "GITHUB_BASE_REF": "main", "GITHUB_HEAD_REF": branch}
        return cls(scratch, "pull_request", merge, "refs/pull/%s/merge" % number, payload, env)

    @classmethod
    def of(cls, scene, change):
        commits = scene.commits
        if change == "main":
            return cls.push(scene, commits["main"])
        return cls.pull_request(scene, scene.number(change), change, commits[change], commits["main"], commits[change + "-merge"])

    def clone(self, scratch):
        refspecs = ["+refs/heads/*:refs/remotes/origin/*"]
        if self.name == "pull_request":
            refspecs.append("+%s:%s" % (self.ref, self.ref.replace("refs/", "refs/remotes/")))
        return scratch.clone(self.commit, *refspecs)


def run_job(scratch, workflow, job, event, work, words=(), artifacts=None):
    """@return what run-composite tells of the job, as a dictionary"""
    command = [RUNNER, "--workflow", workflow, "--job", job, "--event", event.name,
               "--event-file", event.file, "--workspace", work, "--temp", scratch.directory("runner"),
               "--cache", os.path.join(scratch.scratch, "cache"), "--artifacts", artifacts or scratch.directory("artifacts"), *words]
    for name, value in event.env.items():
        command += ["--env", "%s=%s" % (name, value)]
    status, output = scratch.run(command, work)
    expect(status not in (64, 70), output)
    return json.loads(output)


def log_of(told):
    """The runner gives bytes as they are."""
    return "".join(step["log"] for step in told["steps"]).encode("latin-1").decode("utf-8", errors="replace")


def run_plain(scene, _text, change):
    event = Event.of(scene, change)
    work = event.clone(scene)
    artifacts = scene.directory("artifacts")
    told = run_job(scene, os.path.join(RECIPES, "github-without-action.yml"), "baseline" if change == "main" else "check",
                   event, work, artifacts=artifacts)
    if change != "main":
        scene.check_reports(change, os.path.join(artifacts, "perfwarden"))
        expect(("Perf-Accept:" in told["summary"]) == (change == "slow"), "summary: " + told["summary"])
    return told["exit_code"], log_of(told)
