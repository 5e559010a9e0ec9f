"""A small project with a bare remote, clones of it as CI systems make them, and what must come of a pipeline."""

import json
import os
import shutil
import subprocess
import xml.etree.ElementTree as tree

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
RECIPES = os.path.join(ROOT, "docs", "ci")
TIMEOUT = 240  # of one script, in seconds


def line_of(benchmark):
    """Where the project's configuration declares it, as annotations say it."""
    with open(os.path.join(HERE, "project", "perfwarden.yml"), encoding="utf-8") as file:
        return str([line.strip() for line in file].index("- name: " + benchmark) + 1)


class Failure(Exception):
    """What is not as it must be, in words."""


def expect(is_right, what):
    if not is_right:
        raise Failure(what)


def recipe(name):
    with open(os.path.join(RECIPES, name), encoding="utf-8") as file:
        return file.read()


class Scratch:
    """A scratch directory with a home where the program is installed, a bare remote, and clean environments."""

    def __init__(self, scratch, program, project):
        self.scratch = scratch
        self.program = os.path.abspath(program)
        self.server = os.path.join(scratch, "server")
        self.remote = os.path.join(self.server, project)
        self.home = os.path.join(scratch, "home")
        self.count = 0
        # Where the recipes install it: they find it there, as on a machine that has run one before.
        installed = os.path.join(self.home, ".local", "perfwarden-v1", "bin")
        os.makedirs(installed)
        os.symlink(self.program, os.path.join(installed, "perfwarden"))
        self.path = "%s:%s" % (os.path.join(HERE, "bin"), os.environ["PATH"])
        os.makedirs(self.remote)
        self.git(self.remote, "init", "--quiet", "--bare", "--initial-branch=main")

    def environment(self, more=None):
        env = {"PATH": self.path, "HOME": self.home, "LC_ALL": "C.UTF-8", "TERM": "dumb", "CI": "true",
               "TMPDIR": self.directory("tmp"), "GIT_CONFIG_NOSYSTEM": "1",
               "GIT_AUTHOR_NAME": "Tester", "GIT_AUTHOR_EMAIL": "tester@example.org",
               "GIT_COMMITTER_NAME": "Tester", "GIT_COMMITTER_EMAIL": "tester@example.org"}
        env.update({name: value for name, value in os.environ.items() if name.endswith("SAN_OPTIONS")})
        env.update(more or {})
        return env

    def directory(self, name):
        """A directory of its own for each call."""
        self.count += 1
        path = os.path.join(self.scratch, "%s-%d" % (name, self.count))
        os.makedirs(path)
        return path

    def run(self, words, directory, env=None, text=None):
        """@return exit status and all that was printed"""
        done = subprocess.run(words, cwd=directory, env=self.environment(env), input=text, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=TIMEOUT, check=False, text=True, errors="replace")
        return done.returncode, done.stdout

    def git(self, directory, *words):
        status, output = self.run(["git", *words], directory)
        expect(status == 0, "git %s: %s" % (" ".join(words), output))
        return output.strip()

    def clone(self, commit, *refspecs):
        """A clone with what a CI system fetches, at a commit. All branches when no refspec is given."""
        work = self.directory("clone")
        self.git(work, "init", "--quiet")
        self.git(work, "remote", "add", "origin", "file://" + self.remote)
        self.git(work, "fetch", "--quiet", "origin", *(refspecs or ["+refs/heads/*:refs/remotes/origin/*"]))
        self.git(work, "checkout", "--quiet", "--detach", commit)
        return work


class Scene(Scratch):
    """The remote of a small project, and the commits of two pull requests: `fine` and `slow`."""

    def __init__(self, scratch, program, schemas):
        super().__init__(scratch, program, os.path.join("group", "project.git"))
        self.schemas = schemas
        self.commits = {}
        self.make_remote()

    def make_remote(self):
        work = os.path.join(self.scratch, "author")
        shutil.copytree(os.path.join(HERE, "project"), work)
        with open(os.path.join(work, ".gitignore"), "w", encoding="utf-8") as file:
            file.write("/build/\n")
        self.git(work, "init", "--quiet", "--initial-branch=main")
        self.git(work, "remote", "add", "origin", "file://" + self.remote)
        self.commit(work, "main", "a project")
        self.git(work, "checkout", "--quiet", "-b", "fine")
        with open(os.path.join(work, "README"), "w", encoding="utf-8") as file:
            file.write("Counts.\n")
        self.commit(work, "fine", "a readme")
        self.git(work, "checkout", "--quiet", "-b", "slow", "main")
        source = os.path.join(work, "encode.c")
        with open(source, encoding="utf-8") as file:
            text = file.read()
        with open(source, "w", encoding="utf-8") as file:
            file.write(text.replace("ROUNDS 4", "ROUNDS 20"))
        self.commit(work, "slow", "five times as slow")
        for change in ("fine", "slow"):  # what hosting sites make of a pull request
            self.git(work, "checkout", "--quiet", "--detach", "main")
            self.git(work, "merge", "--quiet", "--no-ff", "-m", "merge of " + change, change)
            self.git(work, "push", "--quiet", "origin", "HEAD:refs/pull/%s/merge" % self.number(change))
            self.commits[change + "-merge"] = self.git(work, "rev-parse", "HEAD")

    def commit(self, work, branch, message):
        self.git(work, "add", ".")
        self.git(work, "commit", "--quiet", "--message", message)
        self.git(work, "push", "--quiet", "origin", branch)
        self.commits[branch] = self.git(work, "rev-parse", "HEAD")

    @staticmethod
    def number(change):
        """Of the pull request."""
        return {"fine": "1", "slow": "2"}[change]

    def forget_baselines(self):
        self.run(["git", "update-ref", "-d", "refs/perfwarden/baselines"], self.remote)

    def check_stored(self):
        listed = self.git(self.remote, "ls-tree", "-r", "--name-only", "refs/perfwarden/baselines")
        expect("/%s/" % self.commits["main"] in listed, "the remote has no baseline of main, but: %s" % listed)

    def check_reports(self, change, directory, comparison="perfwarden.json", junit="perfwarden-junit.xml",
                      markdown="perfwarden.md"):
        """The files that a check of this change must leave."""
        with open(os.path.join(directory, comparison), encoding="utf-8") as file:
            found = json.load(file)
        regressed = [row["benchmark"] for row in found["comparisons"] if row["verdict"] == "regression"]
        expect(regressed == (["encode"] if change == "slow" else []), "regressed: %r" % regressed)
        benchmarks = sorted({row["benchmark"] for row in found["comparisons"]})
        expect(benchmarks == ["decode", "encode"], "compared: %r" % benchmarks)
        self.check_junit(change, os.path.join(directory, junit))
        with open(os.path.join(directory, markdown), encoding="utf-8") as file:
            text = file.read()
        expect(("Perf-Accept:" in text) == (change == "slow"), "%s: %s" % (markdown, text))

    def check_junit(self, change, path):
        failed = [case.get("name") for case in tree.parse(path).iter("testcase") if case.find("failure") is not None]
        expect(bool(failed) == (change == "slow"), "%s: failed cases: %r" % (path, failed))
        for name in ("junit-10.xsd", "JUnit.xsd"):
            schema = os.path.join(self.schemas, name)
            if os.path.exists(schema):
                status, output = self.run(["xmllint", "--noout", "--nonet", "--schema", schema, path], self.scratch)
                expect(status == 0, output)

    def check_metrics(self, path):
        with open(path, encoding="utf-8") as file:
            text = file.read()
        expect(text.endswith("# EOF\n") and "perfwarden_regression{" in text, "%s: %s" % (path, text))
        if shutil.which("promtool"):
            status, output = self.run(["promtool", "check", "metrics"], self.scratch, text=text[: -len("# EOF\n")])
            # OpenMetrics has a rule of its own for the names of counters only, of which there are none.
            expect(status == 0, output)
