#!/usr/bin/env python3
"""test_probe.py PROGRAMS CLASS: what programs with the probe write, read line by line and compared with what they did."""
import math
import os
import resource
import signal
import struct
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from metrics_lines import Metrics

PROGRAMS = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else ".")


def any_double(i):
    """As in events.c."""
    bits = (i + 1) * 0x9E3779B97F4A7C15 % 2 ** 64
    bits = (bits ^ bits >> 31) * 0xBF58476D1CE4E5B9 % 2 ** 64 & ~(1 << 52)
    return struct.unpack("<d", struct.pack("<Q", bits))[0]


class ProbeTest(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = directory.name
        self.metrics = os.path.join(self.directory, "metrics")

    def run_program(self, name, *arguments, level=None, metrics=None, expect=0, read=True):
        """Run a program and read what it wrote; its standard output is self.output."""
        environment = dict(os.environ, PERFWARDEN_METRICS=self.metrics if metrics is None else metrics)
        environment.pop("PERFWARDEN_PROBE", None)
        if level is not None:
            environment["PERFWARDEN_PROBE"] = level
        # Sanitizers take the signals that the probe is to catch, and the descriptors that a test closes.
        options = ["handle_segv=0", "handle_abort=0", "handle_sigbus=0", "handle_sigfpe=0", "handle_sigill=0"]
        for variable in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"):
            environment[variable] = ":".join([environment.get(variable, "")] + options).strip(":")
        done = subprocess.run([os.path.join(PROGRAMS, "probe_" + name), *arguments], env=environment, timeout=300,
                              cwd=self.directory, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False,
                              preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CORE, (0, 0)))
        self.output = done.stdout.decode()
        self.assertEqual(done.returncode, expect, done.stderr.decode())
        self.assertNotIn("WARNING: ThreadSanitizer", done.stderr.decode())
        return Metrics(self.metrics) if read and os.path.exists(self.metrics) else None


class Distribution(ProbeTest):
    def compare(self, program):
        truth = os.path.join(self.directory, "truth")
        metrics = self.run_program(program, truth)
        with open(truth, encoding="ascii") as file:
            pairs = [line.split() for line in file]
        times = sorted(int(ns) for ns, _ in pairs)
        kinds = [kind for _, kind in pairs if kind != "-"]
        op = metrics.ops["mixture"]
        self.assertEqual((op.calls, op.failures, op.sum_ns), (len(times), len(kinds), sum(times)))
        self.assertEqual((op.min_ns, op.max_ns), (times[0], times[-1]))
        for share in [i / 1000 for i in range(1, 1000)] + [0.9999]:
            true = times[max(1, math.ceil(share * len(times))) - 1]
            self.assertLessEqual(abs(op.percentile(share) - true), 0.01 * true, f"p{share * 100:g}")
        mean = sum(times) / len(times)
        deviation = math.sqrt(sum((ns - mean) ** 2 for ns in times) / len(times))
        self.assertAlmostEqual(op.deviation() / deviation, 1, places=9)
        errors = {kind: count for (kind, _), count in metrics.errors.items()}
        self.assertEqual(errors, {kind: kinds.count(kind) for kind in set(kinds)})
        self.assertIsNone(op.memory_bytes)
        return metrics

    def test_c(self):
        metrics = self.compare("distribution")
        self.assertEqual(metrics.ops["mixture"].calls, 200000)

    def test_cpp(self):
        if not os.path.exists(os.path.join(PROGRAMS, "probe_distribution_cpp")):
            self.skipTest("no C++ compiler")
        metrics = self.compare("distribution_cpp")
        self.assertEqual(metrics.ops["handler"].calls, metrics.ops["mixture"].failures)
        self.assertEqual((metrics.ops["handler"].failures, metrics.ops["destructor"].failures), (0, 0))
        self.assertEqual((metrics.ops["destructor"].calls, metrics.ops["destructor"].sum_ns), (1, 7))


class Threads(ProbeTest):
    def check(self, **options):
        metrics = self.run_program("threads", **options)
        calls = {name: op.calls for name, op in metrics.ops.items()}
        self.assertEqual(calls, {"outer": 800000, "inner": 800000, "short": 2000, "sleep_3ms": 5, "spin_2ms": 5})
        self.assertEqual(metrics.counters, {"things_total": 2400000})
        self.assertEqual(metrics.caches, {"l1": (600000, 200000)})
        self.assertEqual(metrics.errors, {("busy", "even"): 400, ("busy", "odd"): 400})
        self.assertGreaterEqual(metrics.ops["sleep_3ms"].min_ns, 3000000)
        self.assertGreaterEqual(metrics.ops["spin_2ms"].min_ns, 2000000)
        self.assertGreaterEqual(metrics.ops["sleep_3ms"].elapsed_ns, 23000000)
        return metrics

    def test_counts_are_exact(self):
        self.check()

    def test_nothing_is_recorded_without_a_file(self):
        self.run_program("threads", metrics="")
        self.assertEqual(os.listdir(self.directory), [])

    def test_nothing_is_recorded_when_off(self):
        self.run_program("threads", level="off")
        self.assertEqual(os.listdir(self.directory), [])

    def test_an_unknown_level_is_basic(self):
        self.assertEqual(self.check(level="verbose").calls, [])


class Names(ProbeTest):
    def test_a_million_names_do_not_grow(self):
        metrics = self.run_program("names", level="detailed")
        self.assertLessEqual(len(metrics.ops), 1025)
        self.assertLessEqual(len(metrics.counters), 513)
        self.assertEqual(sum(op.calls for op in metrics.ops.values()), 500000 + 8 + 3)
        self.assertEqual(sum(metrics.counters.values()), 500000 + 8 + 1)
        self.assertGreater(metrics.ops["(other)"].calls, 498000)
        self.assertLess(os.path.getsize(self.metrics), 3000000)
        self.assertEqual(metrics.dropped, 0)

    def test_hostile_names(self):
        metrics = self.run_program("names", level="detailed")
        names = ["quote\" backslash\\ slash/", "line\nfeed\ttab\x01\x7f", "bad " + "\ufffd" * 6 + " utf-8",
                 "cut " + "\ufffd" * 2, "\U0001f680 rocket", "", "</script>", "%s%n"]
        self.assertEqual(list(metrics.ops)[1:9], names)
        for name in names:
            self.assertEqual(metrics.counters[name], 1)
            counts = [metrics.errors[(name, "")], metrics.errors[(name, name)]]
            self.assertEqual(counts, [1, 1] if name else [2, 2])
            call = [call for call in metrics.calls if call["op"] == name][0]
            self.assertEqual((call["error"], call["attributes"]), (name, {name: name}))
        self.assertEqual([point["metric"] for point in metrics.series], names)
        self.assertEqual([mark["mark"] for mark in metrics.memory], names + ["after"])
        self.assertEqual(metrics.counters["\ufffd" * 200], 1)
        self.assertEqual(metrics.ops["\x01" * 100].calls, 3)
        self.assertEqual(metrics.calls[-1]["correlation"], "\x01" * 100)


class Events(ProbeTest):
    def check_values(self, level):
        metrics = self.run_program("events", level=level)
        self.assertEqual(metrics.counters, {"rows_total": 142, "huge_total": 2 ** 64 - 1})
        self.assertEqual(metrics.gauges, {"depth": (-2.5, -2.5, 1e300)})
        self.assertEqual({name: count for name, (count, _) in metrics.bytes.items()}, {"in": 1024, "out": 5})
        self.assertEqual(metrics.caches, {"l2": (7, 3)})
        self.assertEqual(metrics.errors, {("io", "no space"): 2, ("io", ""): 2})
        loss = [point for point in metrics.series if point["metric"] == "loss"]
        self.assertEqual([point["step"] for point in loss], list(range(10000)))
        self.assertEqual([point["value"] for point in loss], [1 / (1 + i) for i in range(10000)])
        bits = [point["value"] for point in metrics.series if point["metric"] == "bits"]
        self.assertEqual(bits, [any_double(i) for i in range(10000)])
        others = {point["metric"]: (point["step"], point["value"]) for point in metrics.series[20000:]}
        self.assertEqual(others, {"least": (-5, 5e-324), "most": (2 ** 63 - 1, -1.7976931348623157e308)})
        self.assertEqual(metrics.dropped, 1)
        mark, = metrics.memory
        self.assertGreater(mark["rss_bytes"], 100000)
        calls = {name: (op.calls, op.failures) for name, op in metrics.ops.items()}
        self.assertEqual(calls, {"correlated": (4, 1), "alone": (1, 0), "grow": (4, 0), "shrink": (4, 0)})
        return metrics

    def check_correlated(self, metrics):
        calls = sorted((call for call in metrics.calls if call["op"] == "correlated"), key=lambda c: c["start_ns"])
        self.assertEqual([call.get("correlation") for call in calls], ['request "7"'] * 3 + ["another"])
        self.assertEqual([call.get("attributes") for call in calls],
                         [{"size": str(i), "side": "left"} for i in range(3)] + [None])
        self.assertEqual([call.get("error") for call in calls], [None, None, "io", None])
        self.assertEqual([call["thread"] for call in calls], [1, 1, 1, 2])

    def test_basic(self):
        metrics = self.check_values("basic")
        self.assertEqual(metrics.calls, [])
        self.assertEqual([op.memory_bytes for op in metrics.ops.values()], [None] * 4)

    def test_detailed(self):
        metrics = self.check_values("detailed")
        self.check_correlated(metrics)
        self.assertEqual(len(metrics.calls), 4)

    def test_profiling(self):
        metrics = self.check_values("profiling")
        self.check_correlated(metrics)
        self.assertEqual(len(metrics.calls), 13)

    def test_memory(self):
        metrics = self.check_values("detailed")
        if metrics.ops["grow"].memory_bytes == 0:
            self.skipTest("the heap is not that of glibc's malloc")
        self.assertTrue(40000 <= metrics.ops["grow"].memory_bytes <= 41000, metrics.ops["grow"].memory_bytes)
        self.assertEqual(metrics.ops["shrink"].memory_bytes, -metrics.ops["grow"].memory_bytes)
        self.assertEqual(metrics.ops["correlated"].memory_bytes, 0)


class Leave(ProbeTest):
    def test_every_way_out_of_a_block(self):
        metrics = self.run_program("leave")
        self.assertEqual(metrics.ops["left"].calls, 3000)
        self.assertEqual(self.output, "601\n")
        self.assertEqual(metrics.ops["without braces"].calls, 1)

    def test_plain_c99(self):
        metrics = self.run_program("leave_c99")
        # return and goto lose three, break one, of 200 each
        self.assertEqual(metrics.ops["left"].calls, 3000 - 2 * 600 - 200)
        self.assertEqual(self.output, "601\n")


class Ends(ProbeTest):
    def check(self, *arguments, expect=0, blocks=5, done=2, **options):
        metrics = self.run_program("ends", *arguments, expect=expect, **options)
        self.assertEqual(metrics.ops["work"].calls, blocks)
        self.assertEqual(metrics.counters, {"done_total": done})
        self.assertEqual(len(metrics.series), blocks)
        return metrics

    def test_return(self):
        self.check("return")

    def test_atexit(self):
        self.check("atexit", done=42)

    def test_exit_now_loses_what_is_not_flushed(self):
        self.assertEqual(self.run_program("ends", "_exit").lines, [])

    def test_exit_now_after_a_flush(self):
        self.check("flush")

    def test_signals(self):
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS,
                       signal.SIGFPE, signal.SIGILL):
            with self.subTest(number):
                self.check("raise", str(int(number)), expect=-number)
                os.remove(self.metrics)

    def test_fault(self):
        self.check("fault", expect=-signal.SIGSEGV)

    def test_abort(self):
        self.check("abort", expect=-signal.SIGABRT)

    def test_a_signal_that_cannot_be_caught(self):
        self.assertEqual(self.run_program("ends", "raise", "9", expect=-9).lines, [])

    def test_own_handler(self):
        self.assertEqual(self.run_program("ends", "handler", expect=9).lines, [])

    def test_ignored(self):
        self.check("ignored")

    def test_ignored_by_the_parent(self):
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
        self.addCleanup(signal.signal, signal.SIGINT, before)
        self.check("raise", str(int(signal.SIGINT)))

    def test_a_thread_that_is_still_there(self):
        self.assertEqual(self.check("thread").ops["running"].calls, 1000)

    def test_a_signal_with_threads(self):
        metrics = self.check("thread", str(int(signal.SIGTERM)), expect=-signal.SIGTERM)
        self.assertEqual(metrics.ops["running"].calls, 1000)

    def test_a_signal_amid_recording(self):
        for level in ("basic", "profiling"):
            for _ in range(10):
                metrics = self.run_program("ends", "amid", expect=-signal.SIGTERM, level=level)
                points = sum(point["metric"] == "amid" for point in metrics.series)
                self.assertIn(points - metrics.ops["amid"].calls, (0, 1))
                self.assertEqual(metrics.dropped, 0)
                os.remove(self.metrics)

    def test_fork(self):
        metrics = self.check("fork", blocks=8, done=4)
        self.assertEqual(metrics.ops["around"].calls, 1)

    def test_forks_beside_threads(self):
        metrics = self.run_program("forks", "forks")
        self.assertEqual((metrics.ops["work"].calls, metrics.ops["beside"].calls), (55, 80000))
        points = [point["metric"] for point in metrics.series]
        self.assertEqual((points.count("step"), points.count("beside"), metrics.dropped), (55, 80000, 0))

    def test_profiling_survives_fork(self):
        metrics = self.check("fork", blocks=8, done=4, level="profiling")
        self.assertEqual(len(metrics.calls), 9)

    def test_closed_files(self):
        own = os.path.join(self.directory, "own")
        self.check("closed", own)
        self.assertEqual(os.path.getsize(own), 0)

    def test_a_relative_path(self):
        os.mkdir(os.path.join(self.directory, "below"))
        self.check("directory", "below", metrics="metrics")

    def test_what_cannot_be_opened(self):
        self.run_program("ends", "return", metrics=os.path.join(self.directory, "absent", "metrics"))
        self.run_program("ends", "return", metrics=self.directory)
        self.run_program("ends", "return", metrics="/" * 5000)
        self.assertEqual(os.listdir(self.directory), [])

    def test_a_full_disk(self):
        self.run_program("ends", "return", metrics="/dev/full")

    def test_a_size_limit(self):
        self.run_program("ends", "limit", "0", level="profiling")

    def test_a_full_disk_that_has_room_again(self):
        self.run_program("ends", "room", "80", read=False)
        with open(self.metrics, "rb") as file:
            lines = file.read().split(b"\n")
        self.assertEqual(len(b"\n".join(lines[:2])), 80)  # a whole line and a torn one
        with open(self.metrics, "wb") as file:
            file.write(b"\n".join(lines[:1] + lines[2:]))
        metrics = Metrics(self.metrics)
        # of five steps, the operation and the counter, all but the first step
        self.assertEqual((metrics.counters, metrics.dropped, len(metrics.series)), ({"late_total": 1}, 6, 1))

    def run_with_pipe(self, way, reader=None):
        environment = dict(os.environ, PERFWARDEN_METRICS=self.metrics)
        with subprocess.Popen([os.path.join(PROGRAMS, "probe_ends"), way], env=environment, stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE) as process:
            if reader is not None:
                self.assertEqual(process.stdout.readline(), b"ready\n")
                os.close(reader)
            process.stdin.close()
            self.assertEqual(process.wait(timeout=60), 0)

    def test_pipes(self):
        os.mkfifo(self.metrics)
        self.run_with_pipe("return")  # nobody has ever read it
        reader = os.open(self.metrics, os.O_RDONLY | os.O_NONBLOCK)
        self.run_with_pipe("return")
        self.assertEqual(os.read(reader, 100000).count(b"\n"), 7)
        self.run_with_pipe("reader", reader)


class Shared(ProbeTest):
    def check(self, program, both, counted, lines):
        library = os.path.join(PROGRAMS, "libprobe_shared_part.so")
        metrics = self.run_program(program, library, expect=-signal.SIGTERM)
        self.assertEqual((metrics.ops["both"].calls, metrics.counters["both_total"]), (both, counted))
        self.assertEqual(metrics.ops["both"].lines, lines)

    def test_one_state(self):
        # after each unloading, and at the end
        self.check("shared", 22, 20, 3)

    def test_two_states(self):
        self.check("shared_apart", 22, 20, 3)

    def test_the_library_alone(self):
        self.check("shared_disabled", 20, 20, 2)


class Disabled(ProbeTest):
    def test_nothing_is_left(self):
        self.run_program("disabled")
        with_probe = self.output
        for program in ("disabled_off", "disabled_off_cpp"):
            path = os.path.join(PROGRAMS, "probe_" + program)
            if program.endswith("cpp") and not os.path.exists(path):
                continue
            os.remove(self.metrics) if os.path.exists(self.metrics) else None
            self.run_program(program)
            self.assertEqual(self.output, with_probe)
            self.assertFalse(os.path.exists(self.metrics))
            symbols = subprocess.run(["nm", path], stdout=subprocess.PIPE, check=True).stdout.decode()
            self.assertIn(" main", symbols)
            self.assertNotIn("perfwarden", symbols)
        symbols = subprocess.run(["nm", os.path.join(PROGRAMS, "probe_disabled")], stdout=subprocess.PIPE, check=True)
        self.assertIn("perfwarden", symbols.stdout.decode())


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0]] + sys.argv[2:])
