"""The harnesses: how each is built and run, what its print says, and what its regression and its failure look like."""

import json
import os
import re
import statistics
from collections import namedtuple

HERE = os.path.dirname(os.path.abspath(__file__))
# The distribution's, not a version manager's: that is where pytest-benchmark is installed.
PYTHON = "/usr/bin/python3"
MODULES = os.path.join(HERE, "node_modules")
ENVIRONMENT = {"GOFLAGS": "-mod=mod", "GOPROXY": "off", "GOTOOLCHAIN": "local", "CGO_ENABLED": "0", "GOMAXPROCS": "2",
               "NODE_PATH": MODULES, "PYTHONDONTWRITEBYTECODE": "1"}
CMAKE = (("cmake", "-S", ".", "-B", "build", "-G", "Ninja"), ("cmake", "--build", "build", "-j1"))
CPP = (("cmake", "--version"), ("ninja", "--version"))
INCLUDES = "echo '#include <%s>' | c++ -E -xc++ - >/dev/null"
NS = {"ns": 1.0, "us": 1e3, "ms": 1e6, "s": 1e9}

# needs:    commands that succeed where it is installed
# build:    commands that build the project
# reads:    what a person reads in the print: {inner benchmark: its central value in base units}
# metric:   what `reads` reads
# slow:     (file, old, new) which makes the benchmark `slowed`, and no other, ten times slower
# broken:   (file, old, new) which makes a benchmark fail
# verdicts: of all rows that do not pass then; what a process with a failure no longer prints is no row
# status:   that the check exits with then
Harness = namedtuple("Harness", "format needs build reads metric slow slowed broken verdicts status")


def read_google_benchmark(text):
    found = {}
    for entry in json.loads(text)["benchmarks"]:
        if entry["run_type"] == "iteration":
            found.setdefault(entry["run_name"], []).append(entry["real_time"] * NS[entry["time_unit"]])
    return {name: statistics.median(times) for name, times in found.items()}


def read_catch2(text):
    """A title stands between two rules, a mean below the line with the benchmark's name and three columns."""
    found = {}
    case = None
    lines = text.splitlines()
    for above, line, below in zip(lines, lines[1:], lines[2:]):
        if set(above) == set(below) == {"-"}:
            case = line.strip()
        row = re.fullmatch(r"(\S.*?) {2,}\d+ +\d+ +[\d.]+ \w+ *", line)
        if row:
            mean, unit = below.split()[:2]
            found[case + " > " + row[1]] = float(mean) * NS[unit]
    return found


def read_go(text):
    found = {}
    for line in text.splitlines():
        if line.startswith("Benchmark"):
            words = line.split()
            found.setdefault("example.org/sum." + words[0], []).append(float(words[words.index("ns/op") - 1]))
    return {name: statistics.median(times) for name, times in found.items()}


def read_hyperfine(text):
    return {entry["command"]: statistics.median(entry["times"]) * 1e9 for entry in json.loads(text)["results"]}


def read_pytest(text):
    return {entry["fullname"]: entry["stats"]["median"] * 1e9 for entry in json.loads(text)["benchmarks"]}


def read_benchmarkjs(text):
    rows = [re.fullmatch(r"(.*) x ([\d.,]+) ops/sec .*", line) for line in text.splitlines()]
    return {row[1]: float(row[2].replace(",", "")) for row in rows if row}


HARNESSES = {
    "benchmarkjs": Harness(
        "benchmarkjs", (("node", "-e", "require('benchmark')"),), (), read_benchmarkjs, "throughput",
        ("table.js", "ROUNDS = 4", "ROUNDS = 400"), "sum of a table",
        # What it prints of a benchmark that threw is its name and a colon: there is no value any more.
        ("table.js", "numbers.length > 0", "numbers.length < 0"), {"checked": "missing"}, 4),
    "catch2": Harness(
        "catch2", (*CPP, ("sh", "-c", INCLUDES % "catch2/catch.hpp" + " || " + INCLUDES % "catch2/catch_all.hpp")), CMAKE,
        read_catch2, "time",
        ("sum.cpp", "rounds = 4", "rounds = 40"), "tables > sum of a table, taken in full",
        # The assertion is the test case's, whose benchmark is not reached.
        ("sum.cpp", "numbers != nullptr", "numbers == nullptr"),
        {"checked tables": "error"}, 4),
    "go": Harness(
        "go-bench", (("go", "version"),), (("go", "test", "-c", "-o", "build/bench", "."),), read_go, "time",
        ("sum.go", "rounds = 4", "rounds = 40"), "example.org/sum.BenchmarkSum-2",
        ("sum.go", "numbers != nil", "numbers == nil"), {"example.org/sum.BenchmarkChecked-2": "error"}, 4),
    "google_benchmark": Harness(
        "google-benchmark", (*CPP, ("sh", "-c", INCLUDES % "benchmark/benchmark.h")), CMAKE, read_google_benchmark, "real_time",
        ("sum.cpp", "rounds = 4", "rounds = 40"), "sum/5000",
        ("sum.cpp", "numbers != nullptr", "numbers == nullptr"), {"checked": "error"}, 4),
    "hyperfine": Harness(
        "hyperfine", (("hyperfine", "--version"),), (), read_hyperfine, "time",
        ("sum", "rounds=4", "rounds=200"), "./sum",
        ("checked", "usable=true", "usable=false"), {"./checked": "error"}, 4),
    "pytest": Harness(
        "pytest-benchmark", ((PYTHON, "-c", "import pytest_benchmark"),), (), read_pytest, "time",
        ("table.py", "ROUNDS = 4", "ROUNDS = 40"), "test_table.py::test_sum",
        # Its file of results does not tell of assertions; pytest's exit code does, of all tests together.
        ("table.py", "len(numbers) > 0", "len(numbers) < 0"), None, 4),
}
