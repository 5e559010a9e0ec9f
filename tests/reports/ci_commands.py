"""How CI systems find commands in a log: a model of the runner of GitHub Actions and of the agent of Azure Pipelines.

A line is a workflow command when it starts with '::' behind blanks, or in the old form has '##[' anywhere; a logging command
when it has '##vso[' anywhere. What would be none for want of a known name is one here.
"""

import re

LINES = re.compile(r"\r\n|[\n\r]")


def unescape(text, codes):
    for code, character in codes:
        text = text.replace(code, character)
    return text


GITHUB_DATA = [("%0D", "\r"), ("%0A", "\n"), ("%25", "%")]
GITHUB_PROPERTY = [("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")]
AZURE_DATA = [("%0D", "\r"), ("%0A", "\n"), ("%AZP25", "%")]
AZURE_PROPERTY = [("%0D", "\r"), ("%0A", "\n"), ("%3B", ";"), ("%5D", "]"), ("%AZP25", "%")]


def properties_of(text, separator, codes):
    pairs = (part.split("=", 1) for part in text.split(separator) if part)
    return {pair[0]: unescape(pair[1], codes) for pair in pairs if len(pair) == 2}


def github_command(line):
    """Name, properties and message of the command in a line; None when there is none."""
    trimmed = line.lstrip()
    if trimmed.startswith("::") and "::" in trimmed[2:]:
        info, message = trimmed[2:].split("::", 1)
        name, _, properties = info.partition(" ")
        return name, properties_of(properties.strip(), ",", GITHUB_PROPERTY), unescape(message, GITHUB_DATA)
    place = line.find("##[")
    if place >= 0 and "]" in line[place:]:
        info, message = line[place + 3:].split("]", 1)
        name, _, properties = info.partition(" ")
        return "##[" + name, properties_of(properties, ";", []), message
    return None


def azure_command(line):
    place = line.lower().find("##vso[")
    if place >= 0 and "]" in line[place:]:
        info, message = line[place + 6:].split("]", 1)
        name, _, properties = info.partition(" ")
        return name, properties_of(properties, ";", AZURE_PROPERTY), unescape(message, AZURE_DATA)
    return None


def commands(text, find):
    """All commands in a text, in order."""
    return [command for command in map(find, LINES.split(text)) if command is not None]
