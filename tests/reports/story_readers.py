"""A reader for each format of a comparison: what it says of the whole and of each row, by the rules of that format alone."""

import csv
import html
import io
import json
import re
import xml.etree.ElementTree as tree
from html.parser import HTMLParser

from story_facts import NOTHING, SERIOUSNESS, Apart, Rounded, Shown, Start, Untold, story_of

HEADLINE = re.compile(r"(%s): " % "|".join(name.upper().replace("_", " ") for name in SERIOUSNESS))


def unit_of(text):
    """The unit that a shown value is in: its base unit, or the benchmark's own."""
    name = text.partition(" ")[2]
    scales = {"ns": "ns", "µs": "ns", "ms": "ns", "s": "ns", "B": "bytes", "KiB": "bytes", "MiB": "bytes", "GiB": "bytes", "%": "ratio"}
    return scales.get(name, name or "count")


def shown(text):
    return Shown(text, unit_of(text.strip()))


def interval(text):
    if text.strip() == NOTHING:
        return {"low": None, "high": None}
    low, high = text.split(" … ")
    return {"low": Shown(low, "change"), "high": Shown(high, "change")}


def headline(text):
    """The verdict of the whole, as the first words say it."""
    match = HEADLINE.search(text)
    return match[1].lower().replace(" ", "_") if match else None


def overview(text):
    """What the lines above a table have in common in text, markdown and the page."""
    text = text.replace("<code>", "").replace("</code>", "").replace("<br>", "")
    counts = re.search(r"^\d+ comparisons?: (.*?)(?:; exit code|$)", text, re.M)
    anchor = re.search(r"anchor: ([0-9a-f]+) ", text, re.I)
    chosen = re.search(r"base chosen: (.*)$", text, re.I | re.M)[1].split("; ")
    return {"verdict": headline(text), "exit_code": int(re.search(r"exit code (\d+)", text)[1]),
            "counts": {name: int(count) for count, name in (item.split(" ") for item in counts[1].split(", "))} if counts else {},
            "base": Start(re.search(r"^base ([0-9a-f]{12})\b", text, re.I | re.M)[1]),
            "head": Start(re.search(r"→ head ([0-9a-f]{12})\b", text)[1]),
            "base_reason": chosen[0], "environment": chosen[-1].partition("environment ")[2] or None,
            "anchor": Start(anchor[1]) if anchor else None}


# --- text -----------------------------------------------------------------------------------------------------------------

def evidence(text):
    """ "14 pairs, noise 1.20 %, could have shown +2.1 %", as -v has it behind each reason."""
    pairs, samples = re.search(r"(\d+) pairs?\b", text), re.search(r"samples (\d+) and (\d+)", text)
    noise, detectable = re.search(r"noise ([^,]*)", text), re.search(r"could have shown ([^,]*)", text)
    count = int(pairs[1]) if pairs else 0
    return {"pairs": count, "base_count": int(samples[1]) if samples else count, "head_count": int(samples[2]) if samples else count,
            "noise": Shown(noise[1], "ratio") if noise else None,
            "detectable": Shown(detectable[1], "excess") if detectable else None}


def read_text(text):
    lines = text.split("\n")
    titles = next(i for i, line in enumerate(lines) if line.startswith("  Benchmark "))
    rows, at = {}, titles + 1
    while lines[at]:
        cells = re.split(r" {2,}", lines[at][2:].strip())
        name = " ".join(cell for cell in cells[:2] if cell != NOTHING)
        rows[name] = {"base": shown(cells[2]), "head": shown(cells[3]), "change": Shown(cells[4], "change"), **interval(cells[5]),
                      "verdict": cells[7].partition(" ")[0], "reason": None, "has_metric": cells[1] != NOTHING}
        at += 1
    for line in lines[at:]:
        verdict, _, rest = line.partition(": ")
        if verdict not in SERIOUSNESS:
            continue
        name = max((name for name in rows if rest.startswith(name + ": ") and rows[name]["verdict"] == verdict), key=len)
        reason = rest[len(name) + 2:]
        if rows[name]["has_metric"]:
            reason, _, figures = reason[:-1].rpartition(" (")
            rows[name].update(evidence(figures))
        rows[name]["reason"] = reason
    for row in rows.values():
        del row["has_metric"]
    whole = overview(text)
    whole["warnings"] = [line[len("warning: "):] for line in lines if line.startswith("warning: ")]
    return {"whole": whole, "rows": rows}


# --- markdown -------------------------------------------------------------------------------------------------------------

def plain(text):
    return html.unescape(re.sub(r"</?code>", "", text)).strip()


def read_table(lines):
    """Rows of a GitHub table as {title: cell}, markup included."""
    titles = [cell.strip() for cell in lines[0].strip("|").split("|")]
    return [dict(zip(titles, (cell.strip() for cell in line[1:-1].split("|")))) for line in lines[2:]]


def read_markdown(text):
    everything = re.search(r"<summary>All results \(\d+\)</summary>\n\n((?:\|.*\n)+)", text)
    failing = re.search(r"^### Failures\n\n((?:\|.*\n)+)", text, re.M)
    rows = {}
    for cells in read_table(everything[1].strip().split("\n")):
        verdict, _, reason = cells["Verdict"].partition("<br>")
        name = plain(cells["Benchmark"].partition("<br>")[0])
        rows[name] = {"verdict": verdict.strip("*").partition(" ")[0], "reason": Apart(plain(reason)) if reason else None, "is_failing": verdict.startswith("**"),
                      "base": shown(plain(cells["Base"])), "head": shown(plain(cells["Head"])),
                      "change": Shown(plain(cells["Change"]).partition("<br>")[0], "change"), **interval(plain(cells["Interval"]))}
    named = {plain(cells["Benchmark"].partition("<br>")[0]) for cells in read_table(failing[1].strip().split("\n"))} if failing else set()
    for name, row in rows.items():
        row["is_failing"] = row["is_failing"] and name in named
    whole = overview(html.unescape(text))
    whole["warnings"] = [plain(line[len("- warning: "):]) for line in text.split("\n") if line.startswith("- warning: ")]
    return {"whole": whole, "rows": rows}


# --- JUnit ----------------------------------------------------------------------------------------------------------------

def read_case(case):
    ending = next((child for child in case if child.tag in ("failure", "error", "skipped")), None)
    if ending is None:
        return {"outcome": "passed", "verdict": None, "reason": None, "base": None, "head": None, "change": None, "low": None, "high": None}
    lines = dict(line.split(" ", 1) for line in ending.text.strip().split("\n") if " " in line)
    row = {"outcome": ending.tag, "verdict": lines["verdict"], "reason": lines.get("reason"),
           "base": shown(lines.get("old", NOTHING)), "head": shown(lines.get("new", NOTHING)),
           "change": Shown(lines.get("change", NOTHING), "change"), **interval(lines.get("interval", NOTHING))}
    if ending.get("type", row["verdict"]) != row["verdict"] or not ending.get("message").startswith(row["verdict"] + ":"):
        row["verdict"] = "contradicts itself"
    return row


def read_junit(text):
    suite = tree.fromstring(text.encode()).find("testsuite")
    properties = {item.get("name"): item.get("value") for item in suite.iter("property")}
    errors = suite.find("system-err").text or ""
    said = suite.find("system-out").text
    return {"whole": {"verdict": properties["perfwarden.verdict"], "exit_code": int(properties["perfwarden.exit_code"]),
                      "outcomes": {kind: int(suite.get(kind + "s" if kind != "skipped" else kind)) for kind in ("failure", "error", "skipped")},
                      "config": properties.get("perfwarden.config"), "base": properties.get("base.commit"), "head": properties.get("head.commit"),
                      "anchor": properties.get("anchor.commit"), "environment": properties.get("base.environment"),
                      "base_reason": re.search(r"^base chosen: ([^;\n]*)", said, re.M)[1],
                      "warnings": [line[len("warning: "):] for line in errors.split("\n") if line]},
            "rows": {case.get("name"): read_case(case) for case in suite.iter("testcase") if case.get("name") != "perfwarden exit code"}}


# --- the page -------------------------------------------------------------------------------------------------------------

class Page(HTMLParser):
    """The parts of a page by their elements: texts, the table's cells with their values, the lists of definitions."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.texts, self.rows, self.details, self.warnings = [], [], {}, []
        self.path, self.cell, self.title, self.term = [], None, "", ""

    def handle_starttag(self, tag, attrs):
        if tag in ("meta", "input", "br"):
            self.texts.append("\n" if tag == "br" else "")
            if tag == "br" and self.cell is not None:
                self.cell["text"] += "\n"
            return
        self.path.append(tag)
        if tag == "tr" and "tbody" in self.path:
            self.rows.append([])
        elif tag == "td" and "table" in self.path:
            self.cell = {"text": "", "value": dict(attrs).get("data-value")}
            self.rows[-1].append(self.cell)
        elif tag == "summary":
            self.title = ""
        elif tag == "dt":
            self.term = ""

    def handle_endtag(self, tag):
        if tag == "summary":
            self.title = self.title.strip()
            self.details[self.title] = {}
        elif tag == "td":
            self.cell = None
        elif tag in ("p", "h1"):
            self.texts.append("\n")
        while self.path and self.path.pop() != tag:
            pass

    def handle_data(self, data):
        if "script" in self.path or "style" in self.path or "svg" in self.path:
            return
        if self.cell is not None:
            self.cell["text"] += data
        elif "summary" in self.path:
            self.title += "" if "small" in self.path else data
        elif "dt" in self.path:
            self.term += data
        elif "dd" in self.path and "details" in self.path:
            self.details[self.title][self.term] = self.details[self.title].get(self.term, "") + data
        elif "li" in self.path:
            self.warnings.append(data)
        elif "h1" in self.path or "p" in self.path:
            self.texts.append(data)


AGREEMENT = {"Accepted by": "accepted_by", "Accepted because": "accepted_reason", "Accepted up to": "accepted_bound",
             "Accepted until": "accepted_until", "Accepted in": "accepted_in"}


def number(text):
    return float(text) if text else None


def rounded(text):
    return Rounded(float(text)) if text else None


def read_details(said):
    """What stands behind a row; said is None where the page has it only in the table."""
    if said is None:
        return dict.fromkeys(["pairs", "base_count", "head_count", "noise", "detectable", "method", *AGREEMENT.values()], Untold())
    return {**evidence(said.get("Evidence", "")), "method": said.get("Decided by"),
            **{fact: said.get(title) for title, fact in AGREEMENT.items()}}


def read_html(text):
    page = Page()
    page.feed(text)
    rows, untold = {}, 0
    for name, base, head, change, ends, limit, verdict in page.rows:
        said = page.details.get(name["text"])
        word, _, reason = verdict["text"].partition("\n")
        word = word.partition(" ")[0]
        untold += said is None
        details = said or {"Verdict": word, "Reason": reason or Untold()}
        rows[name["text"]] = {
            "verdict": word if details["Verdict"] == word else "contradicts itself", "reason": details.get("Reason"),
            "base": rounded(base["value"]), "head": rounded(head["value"]), "change": rounded(change["value"]),
            "increase": rounded(limit["value"]), **interval(ends["text"]), **read_details(said)}
    further = re.search(r"details of (\d+) further result", text)
    if untold != (int(further[1]) if further else 0):
        raise ValueError("%d rows without details" % untold)
    return {"whole": {**overview("".join(page.texts)), "warnings": page.warnings}, "rows": rows}


# --- for programs ---------------------------------------------------------------------------------------------------------

def read_json(text):
    return story_of(json.loads(text))


def read_csv(text):
    numbers = {"base": "base", "head": "head", "change": "ratio", "low": "interval_low", "high": "interval_high", "increase": "increase",
               "at_least": "at_least", "limit": "limit", "noise": "noise", "detectable": "detectable"}
    texts = ["verdict", "reason", "unit", "better", "method", "since", "base_commit", "head_commit", "accepted_by", "accepted_reason",
             "accepted_bound", "accepted_until", "accepted_in"]
    rows = {}
    for line in csv.DictReader(io.StringIO(text, newline="")):
        line = {title: cell[1:] if cell.startswith("'") else cell for title, cell in line.items()}
        name = " ".join(filter(None, [line["benchmark"], line["metric"], line["since"] and "since " + line["since"]]))
        rows[name] = {**{fact: line[fact] or None for fact in texts}, **{fact: number(line[title]) for fact, title in numbers.items()},
                      **{fact: int(line[fact]) for fact in ("pairs", "base_count", "head_count")}}
    return {"whole": {}, "rows": rows}


def samples_of(text):
    for line in text.split("\n"):
        match = re.fullmatch(r'([a-z_]+)\{(.*)\} (\S+)', line)
        if match:
            labels = {name: re.sub(r'\\(.)', lambda m: "\n" if m[1] == "n" else m[1], value)
                      for name, value in re.findall(r'([a-z_]+)="((?:[^"\\]|\\.)*)"', match[2])}
            yield match[1], labels, float(match[3].replace("Inf", "inf"))


def read_exposition(text):
    gauges = {"perfwarden_base_value": "base", "perfwarden_head_value": "head", "perfwarden_change_ratio": "change",
              "perfwarden_change_ratio_low": "low", "perfwarden_change_ratio_high": "high",
              "perfwarden_threshold_increase_ratio": "increase"}
    whole, rows = {"counts": {}}, {}
    for name, labels, value in samples_of(text):
        if name == "perfwarden_exit_code":
            whole.update(exit_code=int(value), verdict=labels["verdict"], base=labels["base"] or None, head=labels["head"] or None)
            continue
        if name == "perfwarden_comparisons":
            whole["counts"].update({labels["verdict"]: int(value)} if value else {})
            continue
        key = " ".join(filter(None, [labels["benchmark"], labels["metric"], labels["since"] and "since " + labels["since"]]))
        row = rows.setdefault(key, {**dict.fromkeys(gauges.values()), "unit": labels["unit"] or None, "since": labels["since"] or None,
                                    "is_accepted": False, "is_regression": None, "accepted_by": None, "accepted_reason": None,
                                    "accepted_bound": None, "accepted_until": None})
        if name in gauges:
            row[gauges[name]] = value
        elif name == "perfwarden_regression":
            row["is_regression"] = value == 1
        elif name == "perfwarden_accepted":
            row.update(is_accepted=value == 1, accepted_by=labels["by"] or None, accepted_reason=labels["reason"] or None,
                       accepted_bound=labels["bound"] or None, accepted_until=labels["expires"] or None)
    return {"whole": whole, "rows": rows}


READERS = {"text": read_text, "markdown": read_markdown, "junit": read_junit, "json": read_json, "html": read_html, "csv": read_csv,
           "prometheus": read_exposition, "openmetrics": read_exposition}
