"""What the fault tests share: scratch projects, runs of perfwarden, and the claims made of both.

A test makes its claims with a Tally: it counts what was tried, prints what did not hold, and ends in
one line of figures and an exit status. Nothing here depends on how fast the machine is.
"""

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import xml.etree.ElementTree

REF = "refs/perfwarden/baselines"
HANG_S = 60
SHOWN_FAILURES = 20

CONFIG = """\
version: 1
defaults:
  runs: {{min: 5, max: 5}}
  warmup: 0
  metrics: [wall_time]
  thresholds: {{latency: 50%, binary_size: 50%}}
benchmarks:
  - {{name: steady, command: [cat, values.json], format: bmf}}
baseline: {{store: {store}}}
report: {{json: out.json, junit: out.xml, markdown: out.md}}
"""

# Where nothing but the store matters: a benchmark that is over at once.
TRIVIAL_CONFIG = """\
version: 1
defaults: {{runs: {{min: 1, max: 1}}, warmup: 0, metrics: [wall_time]}}
benchmarks:
  - {{name: steady, command: ["true"]}}
baseline: {{store: {store}}}
"""


def parse(description, default_count, long_count, extra=()):
    """The options all tests have; `count` is filled in from the form, short or long."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--program", required=True, help="the perfwarden to test")
    parser.add_argument("--long", action="store_true", help="the long form, for ci/soak")
    parser.add_argument("--count", type=int, help="how much of it, instead of the form's own")
    parser.add_argument("--seed", type=int, default=1, help="of all choices")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    for name, options in extra:
        parser.add_argument(name, **options)
    arguments = parser.parse_args()
    arguments.program = os.path.abspath(arguments.program)
    if not os.access(arguments.program, os.X_OK):
        parser.error(f"'{arguments.program}' is not executable; build it first")
    if arguments.count is None:
        arguments.count = long_count if arguments.long else default_count
    arguments.random = random.Random(arguments.seed)
    return arguments


class Tally:
    """What was tried and what did not hold. Shared by threads."""

    def __init__(self, name):
        self.name = name
        self.counts = {}
        self.failures = 0
        self.lock = threading.Lock()

    def add(self, what, count=1):
        with self.lock:
            self.counts[what] = self.counts.get(what, 0) + count

    def get(self, what):
        return self.counts.get(what, 0)

    def fail(self, text):
        with self.lock:
            self.failures += 1
            if self.failures <= SHOWN_FAILURES:
                print(f"{self.name}: FAILED: {text}", file=sys.stderr, flush=True)

    def claim(self, holds, text):
        if not holds:
            self.fail(text)
        return holds

    def finish(self, figures):
        """Print the line of figures and exit."""
        print(f"{self.name}: {figures}{f'; {self.failures} FAILED' if self.failures else ''}", flush=True)
        sys.exit(1 if self.failures else 0)


def skip(name, why):
    print(f"{name}: skipped: {why}", flush=True)
    sys.exit(0)


class Scratch:
    """A temporary directory with an environment in which nothing of the user's is seen."""

    def __init__(self, parent=None):
        self.root = tempfile.mkdtemp(prefix="pw-faults-", dir=parent)
        self.home = os.path.join(self.root, "home")
        os.mkdir(self.home)

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.remove()

    def remove(self):
        shutil.rmtree(self.root, ignore_errors=True)

    def path(self, name):
        return os.path.join(self.root, name)

    def environment(self, **more):
        return {
            "PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": self.home, "TMPDIR": self.root,
            "LC_ALL": "C.UTF-8", "TZ": "UTC", "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null",
            "GIT_AUTHOR_NAME": "Tester", "GIT_AUTHOR_EMAIL": "tester@example.org",
            "GIT_COMMITTER_NAME": "Tester", "GIT_COMMITTER_EMAIL": "tester@example.org", **more,
        }


class Project:
    """A repository with a perfwarden.yml."""

    def __init__(self, scratch, directory, program):
        self.scratch = scratch
        self.directory = directory
        self.program = program

    def path(self, name):
        return os.path.join(self.directory, name)

    def git(self, *words, check=True):
        return subprocess.run(["git", *words], cwd=self.directory, env=self.scratch.environment(), check=check,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True).stdout

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)

    def commit(self, message):
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", message)

    def run(self, *words, wrapper=(), **environment):
        """Run perfwarden to its end. A run that hangs is killed and has no exit status."""
        process = subprocess.Popen([*wrapper, self.program, *words], cwd=self.directory,
                                   env=self.scratch.environment(**environment), stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, errors="replace",
                                   start_new_session=True)
        try:
            out, err = process.communicate(timeout=HANG_S)
            return subprocess.CompletedProcess(process.args, process.returncode, out, err)
        except subprocess.TimeoutExpired:
            # with what it started: a program that strace lets go of would run on
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            return subprocess.CompletedProcess(process.args, None, "", "it hangs")

    def must(self, *words, expected=0):
        """As run(), for what is no subject of the test."""
        done = self.run(*words)
        if done.returncode != expected:
            raise RuntimeError(f"'perfwarden {' '.join(words)}' ended with {done.returncode}, "
                               f"not {expected}:\n{done.stdout}{done.stderr}")
        return done

    def copy(self, name):
        """A project like this one, as it is now."""
        target = self.scratch.path(name)
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(self.directory, target, symlinks=True)
        return Project(self.scratch, target, self.program)

    def remove(self):
        shutil.rmtree(self.directory, ignore_errors=True)

    def store(self):
        """'git' or 'directory'"""
        with open(self.path("perfwarden.yml"), encoding="utf-8") as file:
            return "directory" if "store: directory" in file.read() else "git"

    def stored(self):
        """The paths of all that is stored. Fails when the ref cannot be read."""
        if self.store() == "git":
            names = self.git("for-each-ref", "--format=%(refname)").split()
            listed = self.git("ls-tree", "-r", "--name-only", REF).split() if REF in names else []
            return set(listed)
        root = self.path("baselines")
        return {os.path.relpath(os.path.join(at, name), root)
                for at, _, names in os.walk(root) for name in names if not name.startswith(".")}

    def damage(self):
        """What git fsck has to say, dangling objects apart; or a stored file that is not whole."""
        done = subprocess.run(["git", "fsck", "--strict", "--no-dangling"], cwd=self.directory, check=False,
                              env=self.scratch.environment(), stdin=subprocess.DEVNULL, capture_output=True, text=True)
        lines = [line for line in (done.stdout + done.stderr).splitlines() if not line.startswith("notice")]
        if done.returncode != 0 or lines:
            return f"git fsck ends with {done.returncode}: {' / '.join(lines)}"
        if self.store() == "directory":
            for path in self.stored():
                if not is_json(self.path(os.path.join("baselines", path))):
                    return f"'{path}' is not whole"
        return None


def make_project(scratch, name, program, store="git", trivial=False):
    """A repository of one commit; `values.json` says what the benchmark is to report."""
    project = Project(scratch, scratch.path(name), program)
    os.mkdir(project.directory)
    project.git("init", "--quiet", "--initial-branch=main")
    # what the program writes is read back by git's own means, and a collection would be noise
    project.git("config", "gc.auto", "0")
    project.write("perfwarden.yml", (TRIVIAL_CONFIG if trivial else CONFIG).format(store=store))
    project.write(".gitignore", "/out.*\n/baselines/\n")
    set_value(project, 100)
    project.commit("first")
    return project


def set_value(project, value):
    project.write("values.json", json.dumps({"steady": {"latency": {"value": value}}}) + "\n")


def make_gated(scratch, name, program, value, store="git"):
    """A project whose second commit reports `value` where its stored base reported 100."""
    project = make_project(scratch, name, program, store)
    project.must("baseline", "update")
    set_value(project, value)
    project.commit("second")
    return project


def is_json(path):
    try:
        with open(path, encoding="utf-8") as file:
            json.load(file)
        return True
    except (OSError, ValueError):
        return False


REPORTS = ("out.json", "out.xml", "out.md")


def torn_reports(project):
    """The reports that are there and not whole."""
    torn = []
    if os.path.exists(project.path("out.json")) and not is_json(project.path("out.json")):
        torn.append("out.json")
    if os.path.exists(project.path("out.xml")):
        try:
            xml.etree.ElementTree.parse(project.path("out.xml"))
        except xml.etree.ElementTree.ParseError:
            torn.append("out.xml")
    markdown = project.path("out.md")
    if os.path.exists(markdown) and os.path.getsize(markdown) == 0:
        torn.append("out.md")
    return torn


def missing_reports(project):
    return [name for name in REPORTS if not os.path.exists(project.path(name))]


def verdict(project):
    """What out.json says, or None."""
    try:
        with open(project.path("out.json"), encoding="utf-8") as file:
            return json.load(file)["verdict"]
    except (OSError, ValueError, KeyError):
        return None


def in_parallel(jobs, work, items):
    """Call work(item) for every item in threads; the work itself is done by other processes."""
    queue = list(items)[::-1]
    lock = threading.Lock()
    errors = []

    def take():
        while True:
            with lock:
                if not queue or errors:
                    return
                item = queue.pop()
            try:
                work(item)
            except Exception as error:  # pylint: disable=broad-except
                errors.append(error)

    threads = [threading.Thread(target=take) for _ in range(max(1, jobs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
