// The real build, once: what is cached must run where none of the packages is installed.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";

import { logOf } from "./stage.mjs";

const C_LIBRARY = /^(linux-vdso|libc|libm|libdl|librt|libpthread|libresolv|libutil|libanl)\.so/;

function realBuild(stage) {
  stage.open();
  const options = ["--temp", stage.path("temp")];
  const built = stage.act({}, { ownProgram: false, options });
  assert.equal(built.status, 0, logOf(built));
  const { directory } = built.steps.find((step) => step.id === "key").outputs;
  fs.rmSync(stage.path("temp"), { recursive: true });
  const restored = stage.act({}, { ownProgram: false, options });
  assert.equal(restored.status, 0, logOf(restored));
  assert.deepEqual(restored.annotations.filter((each) => /damaged/.test(each.message)), []);
  assert.equal(fs.existsSync(stage.path("temp", "perfwarden", "build")), false, "it was built again");
  const libraries = stage.run("ldd", [path.join(directory, "perfwarden")]).split("\n").map((line) => line.trim());
  const elsewhere = (line) => line.includes("=>") && !C_LIBRARY.test(line) && !line.includes(`=> ${directory}/lib/`);
  assert.deepEqual(libraries.filter(elsewhere), []);
  assert.ok(libraries.some((line) => line.includes(`${directory}/lib/libgit2.so`)));
}

export const scenes = { realBuild };
