"""GitHub: tests/action/run-composite runs the jobs; here are the events, the clones, and which jobs an event starts."""

import json
import os

from scene import HERE, RECIPES, ROOT, expect, line_of

RUNNER = os.path.join(ROOT, "tests", "action", "run-composite")
STAND_INS = os.path.join(ROOT, "tests", "action", "bin")
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


    @classmethod
    def workflow_run(cls, scene, change):
        """The end of the workflow that a pull request had started, as the default branch sees it."""
        run = {"id": 7, "name": "perfwarden check", "event": "pull_request", "head_sha": scene.commits[change],
               "head_branch": change, "head_repository": {"full_name": "fork/project", "owner": {"login": "fork"}}}
        payload = {"action": "completed", "workflow_run": run, "repository": REPOSITORY}
        return cls(scene, "workflow_run", scene.commits["main"], "refs/heads/main", payload, {"GITHUB_REF_NAME": "main"})

    def jobs(self, scratch, workflow):
        """What this event starts."""
        words = ["node", os.path.join(HERE, "job-applies.mjs"), workflow, self.name, self.file, self.env["GITHUB_REF_NAME"]]
        status, output = scratch.run(words, scratch.scratch)
        expect(status == 0, output)
        return output.split()


class Comments:
    """GitHub's side of `gh`: a file that the stand-in of tests/action reads and writes."""

    def __init__(self, scene, denies=()):
        self.file = os.path.join(scene.directory("comments"), "state.json")
        pulls = [{"number": int(scene.number(change)), "head": {"sha": scene.commits[change], "owner": "fork", "branch": change}}
                 for change in ("fine", "slow")]
        with open(self.file, "w", encoding="utf-8") as file:
            json.dump({"viewer": "github-actions[bot]", "denies": list(denies), "pulls": pulls, "comments": [],
                       "on_post": [], "calls": []}, file)

    def check(self, number, wanted):
        with open(self.file, encoding="utf-8") as file:
            found = json.load(file)["comments"]
        expect(len(found) == 1 and str(found[0]["pull"]) == number and wanted in found[0]["body"], "comments: %r" % found)


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


def run_recipe(scene, name, event, job, words=(), artifacts=None, work=None):
    """One job of a recipe, which must be among those that the event starts."""
    workflow = os.path.join(RECIPES, name)
    started = event.jobs(scene, workflow)
    expect(job in started, "%s: %s starts %r, not '%s'" % (name, event.name, started, job))
    return run_job(scene, workflow, job, event, work or event.clone(scene), words, artifacts)


def with_action(scene, comments=None):
    """What lends the action and its stand-ins to a job."""
    words = ["--uses", "OWNER/perfwarden=" + ROOT, "--uses", "OWNER/perfwarden/comment=" + os.path.join(ROOT, "comment"),
             "--env", "PERFWARDEN_PROGRAM=" + scene.program, "--env", "PATH=%s:%s" % (STAND_INS, scene.path)]
    return words + (["--env", "FAKE_GH=" + comments.file] if comments else [])


def verdict_of(change):
    return "REGRESSION" if change == "slow" else "PASS"


def log_of(told):
    """The runner gives bytes as they are."""
    return "".join(step["log"] for step in told["steps"]).encode("latin-1").decode("utf-8", errors="replace")


def run_plain(scene, _text, change):
    event = Event.of(scene, change)
    artifacts = scene.directory("artifacts")
    job = "baseline" if change == "main" else "check"
    started = event.jobs(scene, os.path.join(RECIPES, "github-plain.yml"))
    expect(started == [job], "started: %r" % started)
    told = run_recipe(scene, "github-plain.yml", event, job, artifacts=artifacts)
    if change != "main":
        scene.check_reports(change, os.path.join(artifacts, "perfwarden"))
        expect(verdict_of(change) in told["summary"], "summary: " + told["summary"])
    return told["exit_code"], log_of(told)


def run_main(scene):
    told = run_recipe(scene, "github-main.yml", Event.of(scene, "main"), "baseline", with_action(scene))
    return told["exit_code"], log_of(told)


def run_action(scene, _text, change):
    if change == "main":
        return run_main(scene)
    comments = Comments(scene)
    told = run_recipe(scene, "github-pull-request.yml", Event.of(scene, change), "check", with_action(scene, comments))
    comments.check(scene.number(change), verdict_of(change))
    expect(verdict_of(change) in told["summary"], "summary: " + told["summary"])
    errors = [(each.get("file"), each.get("line")) for each in told["annotations"] if each["level"] == "error"]
    expect((("perfwarden.yml", line_of("encode")) in errors) == (change == "slow"), "annotations: %r" % told["annotations"])
    return told["exit_code"], log_of(told)


def run_fork(scene, _text, change):
    """The check may not comment and does not try; the second workflow does, from the artifact alone."""
    if change == "main":
        return run_main(scene)
    comments = Comments(scene)
    artifacts = scene.directory("artifacts")
    told = run_recipe(scene, "github-fork-check.yml", Event.of(scene, change), "check",
                      with_action(scene, Comments(scene, ["GET", "POST", "PATCH"])), artifacts)
    expect(not any("comment" in each["message"] for each in told["annotations"]), "annotations: %r" % told["annotations"])
    event = Event.workflow_run(scene, change)
    second = run_recipe(scene, "github-fork-comment.yml", event, "comment", with_action(scene, comments), artifacts,
                        scene.directory("empty"))
    expect(second["exit_code"] == 0, log_of(second))
    comments.check(scene.number(change), verdict_of(change))
    return told["exit_code"], log_of(told)


def run_matrix(scene, _text, change):
    if change == "main":
        return run_main(scene)
    event = Event.of(scene, change)
    artifacts = scene.directory("artifacts")
    output = ""
    for shard in ("1", "2"):
        told = run_recipe(scene, "github-matrix.yml", event, "shard", ["--matrix", "shard=" + shard], artifacts)
        output += log_of(told)
        expect(told["exit_code"] == 0, output)
    told = run_recipe(scene, "github-matrix.yml", event, "verdict", (), artifacts, scene.directory("empty"))
    scene.check_reports(change, os.path.join(artifacts, "perfwarden"))
    expect(verdict_of(change) in told["summary"], "summary: " + told["summary"])
    return told["exit_code"], output + log_of(told)
