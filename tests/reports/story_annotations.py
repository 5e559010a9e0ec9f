"""Annotations of a comparison, as a CI system reads them from a log: the worst rows only, at most ten of a kind."""

import re

from story_facts import NOTHING, SERIOUSNESS, agrees
from story_readers import shown

MOST = 10
CARRIED = "verdict reason base head config_line"


def unescape(text, codes):
    for code, character in codes:
        text = text.replace(code, character)
    return text


def commands(text, form):
    """(kind, properties, message) of each line."""
    for line in text.split("\n"):
        github = re.fullmatch(r"::(\w+) ([^:]*)::(.*)", line)
        azure = re.fullmatch(r"##vso\[task\.logissue ([^\]]*)\](.*)", line)
        if form == "github" and github:
            codes = [("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")]
            pairs = dict(item.split("=", 1) for item in github[2].split(","))
            yield github[1], {key: unescape(value, codes) for key, value in pairs.items()}, unescape(github[3], codes[:2] + codes[4:])
        elif form == "azure" and azure:
            codes = [("%3B", ";"), ("%0D", "\r"), ("%0A", "\n"), ("%5D", "]"), ("%AZP25", "%")]
            pairs = dict(item.split("=", 1) for item in azure[1].split(";") if item)
            names = {"sourcepath": "file", "linenumber": "line"}
            pairs = {names.get(key, key): unescape(value, codes) for key, value in pairs.items()}
            title, colon, message = unescape(azure[2], codes).partition(": ")
            word = message.partition(": ")[0]
            if word in SERIOUSNESS:
                title, message = title + colon + word, message.partition(": ")[2]
            yield pairs["type"], dict(pairs, title=title), message
        elif line:
            raise ValueError("no annotation: %r" % line)


def read(text, form):
    """Rows by their subject, how many more there are of a kind, and how many annotations of each."""
    rows, more, counts = {}, {}, {}
    for kind, properties, message in commands(text, form):
        counts[kind] = counts.get(kind, 0) + 1
        rest = re.match(r"and (\d+) more", message)
        if rest:
            more[kind] = int(rest[1])
        elif kind != "notice":
            name, _, said = message.partition(": ")
            values = re.match(r"([^:]*) → ([^:]*): ", said)
            rows[name] = {"kind": kind, "file": properties.get("file"), "config_line": int(properties["line"]) if "line" in properties else None,
                          "verdict": properties["title"].partition(": ")[2], "reason": said[values.end():] if values else said,
                          "base": shown(values[1] if values else NOTHING), "head": shown(values[2] if values else NOTHING)}
    return rows, more, counts


def kind_of(row):
    if row["is_failing"]:
        return "error"
    return "warning" if row["outcome"] == "skipped" and row["verdict"] != "skipped" else None


def differences(form, wanted, text):
    rows, more, counts = read(text, form)
    found = ["%s: %d annotations of kind %s" % (form, count, kind) for kind, count in counts.items() if count > MOST]
    for kind in ("error", "warning"):
        due = {name: row for name, row in wanted["rows"].items() if kind_of(row) == kind}
        told = {name for name, row in rows.items() if row["kind"] == kind}
        if not told <= set(due):
            found.append("%s: %s: %s" % (form, kind, sorted(told - set(due))[:3]))
            continue
        if len(told) + more.get(kind, 0) != len(due) or (len(due) > len(told)) != (len(due) > MOST):
            found.append("%s: %d of kind %s and %d more are not %d" % (form, len(told), kind, more.get(kind, 0), len(due)))
        rank = [SERIOUSNESS.index(due[name]["verdict"]) for name in told]
        left = [SERIOUSNESS.index(row["verdict"]) for name, row in due.items() if name not in told]
        if rank and left and min(rank) < max(left):
            found.append("%s: %s: not the worst" % (form, kind))
    for name in set(rows) & set(wanted["rows"]):
        want, said = wanted["rows"][name], rows[name]
        facts = CARRIED.split()
        if want["base"] is None or want["head"] is None:  # one value alone is no change
            facts = [fact for fact in facts if fact not in ("base", "head")]
        found += ["%s: %s: %s: %r is not %r" % (form, name, fact, said[fact], want[fact]) for fact in facts if not agrees(said[fact], want[fact])]
        if said["file"] != wanted["whole"]["config"]:
            found.append("%s: %s: in %r" % (form, name, said["file"]))
    return found


def blind_spots(form, wanted, text, changed):
    """Facts that could be told wrongly without anybody noticing. @param changed makes another value of one"""
    found = []
    named = [name for name, row in wanted["rows"].items() if kind_of(row)]
    for fact in CARRIED.split() + ["is_failing"]:
        name = next(name for name in named if wanted["rows"][name][fact] is not None and wanted["rows"][name]["head"] is not None
                    and wanted["rows"][name]["base"] is not None)
        lie = dict(wanted, rows=dict(wanted["rows"]))
        lie["rows"][name] = dict(lie["rows"][name], **{fact: changed(fact, lie["rows"][name][fact])})
        found += [] if differences(form, lie, text) else ["%s: a wrong %s is not noticed" % (form, fact)]
    lost = dict(wanted, rows={name: row for name, row in wanted["rows"].items() if name != named[0]})
    return found + ([] if differences(form, lost, text) else ["%s: a row too many is not noticed" % form])
