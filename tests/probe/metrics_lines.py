"""Reads a metrics file as its format is defined, strictly, and adds its lines up."""
import json
import math

NUMBER = (int, float)
OP = {"calls": int, "failures": int, "sum_ns": int, "sum_squares_ns2": NUMBER, "min_ns": int, "max_ns": int,
      "elapsed_ns": int, "histogram": list}
# record: (members that must be there, members that may be)
RECORDS = {
    "counter": ({"name": str, "value": int, "unit": str}, {}),
    "gauge": ({"name": str, "value": NUMBER, "min": NUMBER, "max": NUMBER, "unit": str}, {}),
    "bytes": ({"direction": str, "bytes": int, "elapsed_ns": int}, {}),
    "cache": ({"tier": str, "hits": int, "misses": int}, {}),
    "error": ({"kind": str, "message": str, "count": int}, {}),
    "memory": ({"mark": str}, {"heap_bytes": int, "rss_bytes": int}),
    "dropped": ({"count": int}, {}),
    "call": ({"op": str, "thread": int, "start_ns": int, "duration_ns": int, "ok": bool},
             {"correlation": str, "error": str, "attributes": dict}),
}


def check_members(line, required, optional):
    kinds = {**required, **optional}
    assert required.keys() <= line.keys() <= kinds.keys() | {"record"}, line
    for name, value in line.items():
        if name != "record":
            assert isinstance(value, kinds[name]) and (kinds[name] is bool or not isinstance(value, bool)), line


def no_duplicates(pairs):
    names = [name for name, _ in pairs]
    assert len(names) == len(set(names)), names
    return dict(pairs)


def bucket_middle(index):
    """The middle of a bucket, in ns."""
    if index < 128:
        return index
    exponent, part = 7 + (index - 128) // 64, 64 + (index - 128) % 64
    width = 2 ** (exponent - 6)
    return part * width + (width - 1) / 2


class Op:
    def __init__(self):
        self.calls = self.failures = self.sum_ns = self.sum_squares_ns2 = self.max_ns = self.elapsed_ns = 0
        self.memory_bytes = None
        self.min_ns = math.inf
        self.histogram = {}
        self.lines = 0

    def add(self, line):
        for index, count in line["histogram"]:
            assert 0 <= index < 3776 and count > 0, line
            self.histogram[index] = self.histogram.get(index, 0) + count
        if set(line) == {"record", "name", "histogram"}:
            assert self.lines, "a histogram continued before it began"
            return
        check_members(line, {"name": str, **OP}, {"memory_bytes": int})
        self.lines += 1
        for name in ("calls", "failures", "sum_ns", "sum_squares_ns2"):
            setattr(self, name, getattr(self, name) + line[name])
        if "memory_bytes" in line:
            self.memory_bytes = (self.memory_bytes or 0) + line["memory_bytes"]
        self.min_ns = min(self.min_ns, line["min_ns"])
        self.max_ns = max(self.max_ns, line["max_ns"])
        self.elapsed_ns = max(self.elapsed_ns, line["elapsed_ns"])

    def percentile(self, share):
        """Nearest rank, from the histogram."""
        rank = max(1, math.ceil(share * self.calls))
        for index in sorted(self.histogram):
            rank -= self.histogram[index]
            if rank <= 0:
                return bucket_middle(index)
        raise AssertionError("fewer calls in the histogram than counted")

    def mean(self):
        return self.sum_ns / self.calls

    def deviation(self):
        return math.sqrt(max(0, self.sum_squares_ns2 / self.calls - self.mean() ** 2))


class Metrics:
    def __init__(self, path):
        self.ops, self.counters, self.gauges, self.bytes, self.caches, self.errors = {}, {}, {}, {}, {}, {}
        self.memory, self.series, self.calls, self.dropped = [], [], [], 0
        with open(path, "rb") as file:
            text = file.read()
        assert not text or text.endswith(b"\n"), "the last line is cut"
        self.lines = text.split(b"\n")[:-1]
        for raw in self.lines:
            assert len(raw) < 4096, f"a line of {len(raw)} bytes"
            self.add(json.loads(raw.decode("utf-8"), object_pairs_hook=no_duplicates,
                                parse_constant=lambda word: 1 / 0))
        for name, op in self.ops.items():
            assert sum(op.histogram.values()) == op.calls, f"{name}: calls and histogram differ"
            assert op.failures <= op.calls and op.min_ns <= op.max_ns, name

    def add(self, line):
        record = line.get("record")
        if record == "op":
            self.ops.setdefault(line["name"], Op()).add(line)
            return
        if record is None:
            check_members(line, {"metric": str, "value": NUMBER, "unit": str, "step": int}, {})
            self.series.append(line)
            return
        check_members(line, *RECORDS[record])
        getattr(self, "add_" + record)(line)

    def add_counter(self, line):
        self.counters[line["name"]] = self.counters.get(line["name"], 0) + line["value"]

    def add_gauge(self, line):
        self.gauges[line["name"]] = (line["value"], line["min"], line["max"])

    def add_bytes(self, line):
        count, elapsed_ns = self.bytes.get(line["direction"], (0, 0))
        self.bytes[line["direction"]] = (count + line["bytes"], max(elapsed_ns, line["elapsed_ns"]))

    def add_cache(self, line):
        hits, misses = self.caches.get(line["tier"], (0, 0))
        self.caches[line["tier"]] = (hits + line["hits"], misses + line["misses"])

    def add_error(self, line):
        key = (line["kind"], line["message"])
        self.errors[key] = self.errors.get(key, 0) + line["count"]

    def add_memory(self, line):
        self.memory.append(line)

    def add_dropped(self, line):
        self.dropped += line["count"]

    def add_call(self, line):
        assert line["ok"] == ("error" not in line), line
        self.calls.append(line)
