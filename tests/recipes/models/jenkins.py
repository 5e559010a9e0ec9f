"""Jenkins: the stages of a declarative pipeline with their `when`, and the scripts in them, run by sh -xe."""

import re

from scene import expect

STAGE = re.compile(r"^    stage\('([^']+)'\) \{$(.*?)^    \}$", re.MULTILINE | re.DOTALL)
SCRIPT = re.compile(r"sh '''\n(.*?)\n *'''", re.DOTALL)


def variables(scene, change):
    env = {"JENKINS_URL": "https://jenkins.example.org/", "BUILD_NUMBER": "1", "BRANCH_NAME": "main"}
    if change != "main":
        number = scene.number(change)
        env.update(BRANCH_NAME="PR-" + number, CHANGE_ID=number, CHANGE_TARGET="main", CHANGE_BRANCH=change)
    return env


def applies(stage, env):
    match = re.search(r"when \{ (.*?) \}", stage)
    if not match:
        return True
    if match[1] == "changeRequest()":
        return "CHANGE_ID" in env
    branch = re.fullmatch(r"branch '(\w+)'", match[1])
    expect(branch, "a condition that is not modelled: " + match[1])
    return env["BRANCH_NAME"] == branch[1]


def run(scene, text, change):
    expect("\\" not in text, "Groovy would read a backslash")
    env = variables(scene, change)
    env.update(re.findall(r"^    (PERFWARDEN_\w+) = '([^']*)'$", text, re.MULTILINE))
    # The change alone: without --deepen there is no branch to compare with.
    work = scene.clone(scene.commits[change], "+refs/heads/%s:refs/remotes/origin/%s" % (change, env["BRANCH_NAME"]))
    status, output = 0, ""
    for name, stage in STAGE.findall(text):
        scripts = SCRIPT.findall(stage)
        expect(scripts, "stage '%s' has no script" % name)
        for script in scripts if applies(stage, env) else []:
            if status == 0:
                status, more = scene.run(["sh", "-xe", "-c", script], work, env)
                output += more
    if change != "main":
        junit = re.search(r"testResults: '([^']*)'", text)[1]
        scene.check_reports(change, work, junit=junit)
    return status, output
