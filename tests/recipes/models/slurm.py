"""Slurm: the script itself, with an sbatch (bin/) that runs the tasks of an array here, one after the other."""

import glob
import os

from scene import RECIPES


def run(scene, _text, change):
    work = scene.clone(scene.commits[change])
    path = "%s:%s" % (os.path.join(scene.home, ".local", "perfwarden-v1", "bin"), scene.path)
    script = os.path.join(RECIPES, "slurm.sh") if change != "main" else "make benchmarks && perfwarden baseline update && perfwarden baseline push"
    status, output = scene.run(["bash", "-c", script], work, {"PATH": path, "SHARDS": "2"})
    for name in sorted(glob.glob(os.path.join(work, ".perfwarden", "*.log"))):
        with open(name, encoding="utf-8") as file:
            output += file.read()
    if change != "main" and status in (0, 1):
        scene.check_reports(change, os.path.join(work, ".perfwarden"), junit="junit.xml")
    return status, output
