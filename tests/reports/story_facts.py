"""What a comparison says, as facts that each format can be asked for, and when two of them agree.

A format either has a number as it is, or shows it rounded, in words or in another unit: such a text is kept as Shown and is
compared by the digits it has.
"""

import math
import re

SERIOUSNESS = ["pass", "improvement", "accepted", "skipped", "no_baseline", "inconclusive", "regression", "missing", "error"]
FACTORS = {"ns": {"ns": 1, "µs": 1e3, "ms": 1e6, "s": 1e9}, "bytes": {"B": 1, "KiB": 1024, "MiB": 1 << 20, "GiB": 1 << 30},
           "ratio": {"%": 0.01}}
NOTHING = "–"


class Shown:
    """A number as people read it: "1.235 ms", "+12.4 %"."""

    def __init__(self, text, unit):
        self.text, self.unit = text.strip(), unit

    def __repr__(self):
        return "%r (%s)" % (self.text, self.unit)

    def agrees(self, value):
        if value is None or self.text == NOTHING:
            return value is None and self.text == NOTHING
        match = re.fullmatch(r"([+-]?)(∞|[0-9.]+(?:e[+-][0-9]+)?) ?(.*)", self.text)
        if match is None:
            return False
        sign, digits, name = match.groups()
        if digits == "∞":
            return math.isinf(value) and (value > 0) == (sign != "-")
        if self.unit == "change":
            value, factor = value - 1, 0.01
        elif self.unit == "excess":
            factor = 0.01
        elif self.unit in FACTORS:
            factor = FACTORS[self.unit].get(name)
        else:
            factor = 1 if name == (self.unit if self.unit != "count" else "") else None
        if factor is None or math.isinf(value):
            return False
        shown = float(sign + digits) * factor
        if shown == 0:  # "0.0 %" stands for whatever is less than half of the last digit that is shown elsewhere
            return abs(value) < 0.005 * factor if self.unit in ("change", "excess") else value == 0
        mantissa, _, exponent = digits.partition("e")
        last = 10.0 ** (int(exponent or 0) - len(mantissa.partition(".")[2])) * factor
        return abs(shown - value) <= 0.5001 * last + 1e-9 * abs(value)


class Rounded:
    """A number to sort by, of which seven digits are enough."""

    def __init__(self, number):
        self.number = number

    def __repr__(self):
        return "about %r" % self.number

    def agrees(self, value):
        return value is not None and (self.number == value or abs(self.number - value) <= 0.51e-6 * abs(value))


class Untold:
    """What a page leaves out of a long list, and says so."""

    def __repr__(self):
        return "untold"

    def agrees(self, _value):
        return True


class Apart:
    """A text without its figures, which stand elsewhere: ", interval … … …, limit …" is left out."""

    def __init__(self, text):
        self.text = text

    def __repr__(self):
        return "%r, apart from figures" % self.text

    def agrees(self, value):
        return value == self.text or value is not None and re.sub(r", interval [^,;]*, limit [^,;:]*(?=$|[,;: ])", "", value) == self.text


class Start:
    """The beginning of an id."""

    def __init__(self, text):
        self.text = text

    def __repr__(self):
        return "%r…" % self.text

    def agrees(self, value):
        return value is not None and len(self.text) >= 12 and value.startswith(self.text)


def agrees(said, fact):
    if isinstance(said, (Shown, Start, Apart, Rounded, Untold)):
        return said.agrees(fact)
    if isinstance(said, dict) and isinstance(fact, dict):
        return said.keys() == fact.keys() and all(agrees(said[key], fact[key]) for key in fact)
    return said == fact and isinstance(said, bool) == isinstance(fact, bool)


def subject(row):
    """What a row is called where it stands alone."""
    words = [row["benchmark"], row.get("metric"), "since " + row["since"] if row.get("since") else None]
    return " ".join(word for word in words if word)


def end(value, unbounded):
    return unbounded if value is None else value


def fails(comparison, row):
    verdict = row["verdict"]
    gate = comparison["gate"]
    if row.get("against") == "anchor" and verdict == "regression" and comparison["anchor"]["on_drift"] != "fail":
        return False
    policy = {"no_baseline": gate["on_no_baseline"], "inconclusive": gate["on_inconclusive"]}.get(verdict)
    return verdict == "error" or verdict in gate["fail_on"] or policy == "fail"


def outcome(comparison, row):
    """What a test case is that tells of the row."""
    verdict = row["verdict"]
    if fails(comparison, row):
        return "error" if verdict in ("missing", "error") else "failure"
    return "passed" if verdict in ("pass", "improvement", "accepted") else "skipped"


def row_facts(comparison, row):
    interval, threshold, agreed = row.get("interval"), row.get("threshold") or {}, row.get("accepted") or {}
    is_accepted = row["verdict"] == "accepted"
    against = comparison["anchor"] if row.get("against") == "anchor" else comparison["base"]
    return {
        "verdict": row["verdict"], "outcome": outcome(comparison, row), "is_regression": row["verdict"] == "regression",
        "is_accepted": is_accepted, "is_failing": fails(comparison, row), "reason": row.get("reason"),
        "unit": row.get("unit"), "better": row["better"] if row.get("metric") else None, "method": row.get("method"),
        "base": row["base"], "head": row["head"], "change": row["ratio"],
        "low": end(interval[0], -math.inf) if interval else None, "high": end(interval[1], math.inf) if interval else None,
        "increase": threshold.get("increase"), "at_least": threshold.get("at_least"), "limit": threshold.get("limit"),
        "pairs": row["pairs"], "base_count": row["base_samples"], "head_count": row["head_samples"],
        "noise": row.get("noise"), "detectable": row.get("detectable"), "since": row.get("since"), "config_line": row.get("config_line"),
        "base_commit": against["commit"], "head_commit": comparison["head"]["commit"],
        "accepted_by": agreed.get("by") if is_accepted else None, "accepted_reason": agreed.get("reason") if is_accepted else None,
        "accepted_bound": agreed.get("bound") if is_accepted else None,
        "accepted_until": agreed.get("expires") if is_accepted else None,
        "accepted_in": agreed.get("where") if is_accepted else None,
    }


def whole_facts(comparison):
    rows = comparison["comparisons"]
    return {
        "verdict": comparison["verdict"], "exit_code": comparison["exit_code"],
        "counts": {name: count for name, count in comparison["counts"].items() if count},
        "outcomes": {kind: sum(outcome(comparison, row) == kind for row in rows) for kind in ("failure", "error", "skipped")},
        "base": comparison["base"]["commit"], "head": comparison["head"]["commit"],
        "base_reason": comparison["base"]["reason"], "environment": comparison["base"]["environment"],
        "anchor": (comparison.get("anchor") or {}).get("commit"), "warnings": comparison["warnings"],
        "config": comparison["gate"]["config"],
    }


def story_of(comparison):
    """The whole and each row by its subject."""
    rows = {subject(row): row_facts(comparison, row) for row in comparison["comparisons"]}
    assert len(rows) == len(comparison["comparisons"]), "two rows of one name"
    return {"whole": whole_facts(comparison), "rows": rows}
