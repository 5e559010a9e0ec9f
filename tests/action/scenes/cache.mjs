// How the program gets there: built, from the cache, of another version. `cmake` is stood in for: it hands out the
// program that the tests were built with, and notes what it was asked for.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

import { annotation, logOf } from "./stage.mjs";

function standIn(stage) {
  const bin = stage.path("bin");
  const asked = stage.path("cmake.log");
  fs.mkdirSync(bin);
  fs.writeFileSync(asked, "");
  fs.writeFileSync(
    path.join(bin, "cmake"),
    `#!/bin/sh
case $1 in
  -S) printf 'configured %s\\n' "$(cat "$2/mark" 2>/dev/null)" >>"${asked}" ;;
  --build) mkdir -p "$2/src/cli" && cp "${stage.program}" "$2/src/cli/perfwarden" ;;
esac
`,
    { mode: 0o755 },
  );
  return { env: { PATH: `${bin}:${process.env.PATH}` }, ownProgram: false, asked: () => fs.readFileSync(asked, "utf8") };
}

const entries = (stage) => fs.readdirSync(stage.path("cache"));
const stepOf = (acted, name) => acted.steps.find((step) => step.name === name);

function missThenHit(stage) {
  stage.open();
  const { asked, ...how } = standIn(stage);
  const built = stage.act({}, how);
  assert.equal(built.status, 0, logOf(built));
  assert.equal(asked(), "configured \n");
  assert.equal(stepOf(built, "Keep it in the cache").outcome, "success");
  assert.equal(entries(stage).length, 1);
  assert.match(entries(stage)[0], /^perfwarden-Linux-[A-Z0-9]+-[a-z0-9._]+-20261101\.1\.0-[0-9a-f]{40}$/);
  fs.rmSync(stepOf(built, "Find what to build").outputs.directory, { recursive: true });
  const restored = stage.act({}, how);
  assert.equal(restored.status, 0, logOf(restored));
  assert.equal(asked(), "configured \n");
  assert.equal(stepOf(restored, "Keep it in the cache").outcome, "skipped");
  assert.deepEqual(restored.annotations.filter((each) => /damaged/.test(each.message)), []);
}

function keptWhenTheGateFails(stage) {
  stage.open();
  stage.commitWork(2000);
  const { asked, ...how } = standIn(stage);
  assert.equal(stage.act({}, how).status, 1);
  assert.equal(asked(), "configured \n");
  assert.equal(entries(stage).length, 1);
}

function damagedCache(stage) {
  stage.open();
  const { asked, ...how } = standIn(stage);
  // One folder for the runner's temporary files, as on a real runner.
  const options = ["--temp", stage.path("temp")];
  const { directory } = stepOf(stage.act({}, { ...how, options }), "Find what to build").outputs;
  const cached = path.join(stage.path("cache"), entries(stage)[0], "0");
  const whole = fs.readFileSync(path.join(cached, "perfwarden"));
  const damages = [
    () => fs.truncateSync(path.join(cached, "perfwarden"), 100),
    () => fs.writeFileSync(path.join(cached, "perfwarden"), "#!/bin/sh\necho perfwarden 0.1.0\n"),
    () => fs.rmSync(path.join(cached, "checksums")),
  ];
  for (const [i, damage] of damages.entries()) {
    fs.writeFileSync(path.join(cached, "perfwarden"), whole);
    damage();
    fs.rmSync(directory, { recursive: true });
    const acted = stage.act({}, { ...how, options });
    assert.equal(acted.status, 0, logOf(acted));
    annotation(acted, "warning", /cached program is damaged/);
    assert.equal(asked(), "configured \n".repeat(2 + i));
  }
}

function brokenBuild(stage) {
  stage.open();
  const { env } = standIn(stage);
  fs.writeFileSync(stage.path("bin", "cmake"), "#!/bin/sh\necho 'no compiler'\nexit 1\n", { mode: 0o755 });
  const acted = stage.act({}, { env, ownProgram: false });
  assert.equal(acted.status, 5, logOf(acted));
  annotation(acted, "error", /could not be built/);
  assert.deepEqual([acted.outputs.verdict, acted.outputs["exit-code"]], ["error", "5"]);
  assert.match(logOf(acted), /no compiler/);
  assert.equal(fs.existsSync(stage.path("cache")), false);
}

function otherVersions(stage) {
  stage.open();
  const { asked, env, ...how } = standIn(stage);
  const sources = stage.path("octo", "perfwarden");
  fs.mkdirSync(sources, { recursive: true });
  const git = (...words) => stage.run("git", words, { cwd: sources });
  const commit = (mark) => {
    fs.writeFileSync(path.join(sources, "mark"), mark);
    git("add", "mark");
    git("commit", "--quiet", "--message", mark);
  };
  git("init", "--quiet", "--initial-branch=main");
  commit("first");
  git("tag", "--annotate", "--message", "v1", "v1");
  const first = git("rev-parse", "HEAD");
  commit("second");
  const bare = `${sources}.git`;
  stage.run("git", ["clone", "--quiet", "--bare", sources, bare]);
  fs.rmSync(sources, { recursive: true });
  const elsewhere = { ...env, GITHUB_SERVER_URL: pathToFileURL(stage.directory).href, GITHUB_ACTION_REPOSITORY: "octo/perfwarden" };
  for (const version of ["v1", "main", first]) {
    const acted = stage.act({ version }, { ...how, env: elsewhere });
    assert.equal(acted.status, 0, logOf(acted));
  }
  // The tag and the commit are one entry of the cache.
  assert.equal(asked(), "configured first\nconfigured second\n");
  assert.equal(entries(stage).length, 2);
  annotation(stage.act({ version: "v9" }, { ...how, env: elsewhere }), "error", /^input 'version': 'octo\/perfwarden' has no such/);
  annotation(stage.act({ version: "v1" }, { ...how, env }), "error", /needs the action to be used by its repository's name/);
}

function elsewhereThanLinux(stage) {
  stage.open();
  const { env } = standIn(stage);
  fs.writeFileSync(stage.path("bin", "uname"), "#!/bin/sh\necho Darwin\n", { mode: 0o755 });
  const acted = stage.act({}, { env });
  assert.equal(acted.status, 2, logOf(acted));
  annotation(acted, "error", /^perfwarden needs Linux/);
}

export const scenes = { missThenHit, keptWhenTheGateFails, damagedCache, brokenBuild, otherVersions, elsewhereThanLinux };
