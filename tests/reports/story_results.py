"""What a plain result says, and what each format of it says: of each benchmark whether it was measured, and its values."""

import csv
import html
import io
import json
import re
import statistics
import xml.etree.ElementTree as tree

from story_facts import NOTHING, Start
from story_readers import Page, plain, read_table, samples_of, shown


def story_of_result(result):
    rows = {}
    for benchmark in result["benchmarks"]:
        metrics = {name: series["samples"] for name, series in benchmark["metrics"].items() if series["samples"]}
        rows[benchmark["id"]] = {"status": benchmark["status"], "is_measured": benchmark["status"] == "ok",
                                 "error": benchmark.get("error"), "samples": metrics,
                                 "medians": {name: statistics.median(samples) for name, samples in metrics.items()}}
    return {"whole": {"commit": result["commit"], "failed": sum(not row["is_measured"] for row in rows.values())}, "rows": rows}


COLUMNS = {"Wall time": "wall_time", "User": "user_time", "System": "system_time", "Max RSS": "max_rss"}


def merge(main, others, errors):
    """The table of benchmarks and that of further metrics, as text, markdown and the page have them."""
    rows = {}
    for cells in main:
        medians = {COLUMNS[title]: shown(cell) for title, cell in cells.items() if title in COLUMNS and cell != NOTHING}
        rows[cells["Benchmark"]] = {"status": cells["Status"], "is_measured": cells["Status"] == "ok", "error": None, "medians": medians}
    for cells in others:
        row = rows.setdefault(cells["Benchmark"], {"status": "ok", "is_measured": True, "error": None, "medians": {}})
        row["medians"][cells["Metric"]] = shown(cells["Median"])
    for status, name, error in errors:
        if status != "warning" and rows[name]["status"] == status:
            rows[name]["error"] = error
    return rows


def whole_of(text):
    failed = re.search(r"ERROR: (\d+) of", text)
    return {"commit": Start(re.search(r"commit ([0-9a-f]{12})\b", text, re.I)[1]), "failed": int(failed[1]) if failed else 0}


def read_text(text):
    tables, lines = [], text.split("\n")
    for i, line in enumerate(lines):
        if line.startswith("  Benchmark "):
            titles = re.split(r" {2,}", line.strip())
            end = lines.index("", i)
            tables.append([dict(zip(titles, re.split(r" {2,}", row[2:].strip()))) for row in lines[i + 1:end]])
    errors = re.findall(r"^([a-z]+): (.*?): (.*)$", text, re.M)
    return {"whole": whole_of(text), "rows": merge(tables[0], tables[1] if len(tables) > 1 else [], errors)}


def read_markdown(text):
    tables = [[{title: plain(cell) for title, cell in row.items()} for row in read_table(table.strip().split("\n"))]
              for table in re.findall(r"(?:^\|.*\n)+", text, re.M)]
    errors = [(kind, html.unescape(name), plain(error)) for kind, name, error in re.findall(r"^- ([a-z]+): <code>(.*?)</code> (.*)$", text, re.M)]
    return {"whole": whole_of(text), "rows": merge(tables[0], tables[1] if len(tables) > 1 else [], errors)}


def read_html(text):
    page = Page()
    page.feed(text)
    titles = {8: ["Benchmark", "Wall time", "Min … max", "Runs", "User", "System", "Max RSS", "Status"],
              5: ["Benchmark", "Metric", "Median", "Min … max", "Samples"]}
    rows = [dict(zip(titles[len(row)], (cell["text"] for cell in row))) for row in page.rows]
    errors = [tuple(map(html.unescape, error)) for error in re.findall(r"<li>([a-z]+): <code>(.*?)</code> (.*?)</li>", text)]
    return {"whole": whole_of("".join(page.texts)),
            "rows": merge([row for row in rows if "Status" in row], [row for row in rows if "Metric" in row], errors)}


def read_junit(text):
    suite = tree.fromstring(text.encode()).find("testsuite")
    commit = next(item.get("value") for item in suite.iter("property") if item.get("name") == "commit")
    rows = {}
    for case in suite.iter("testcase"):
        error = case.find("error")
        rows[case.get("name")] = {"status": "ok" if error is None else error.get("type"), "is_measured": error is None,
                                  "error": None if error is None else error.get("message")}
    return {"whole": {"commit": commit, "failed": int(suite.get("errors"))}, "rows": rows}


def read_csv(text):
    rows, whole = {}, {}
    for line in csv.DictReader(io.StringIO(text, newline="")):
        row = rows.setdefault(line["benchmark"], {"status": line["status"], "is_measured": line["status"] == "ok", "samples": {}})
        if line["value"]:
            row["samples"].setdefault(line["metric"], []).append(float(line["value"]))
        whole = {"commit": line["commit"]}
    return {"whole": whole, "rows": rows}


def read_exposition(text):
    rows = {}
    for name, labels, value in samples_of(text):
        row = rows.setdefault(labels["benchmark"], {"medians": {}})
        if name == "perfwarden_measured":
            row.update(status=labels["status"], is_measured=value == 1)
        else:
            row["medians"][labels["metric"]] = value
    return {"whole": {}, "rows": rows}


RESULT_READERS = {"text": read_text, "markdown": read_markdown, "junit": read_junit, "html": read_html, "csv": read_csv,
                  "json": lambda text: story_of_result(json.loads(text)), "prometheus": read_exposition,
                  "openmetrics": read_exposition}
