// Local models of the actions that come from elsewhere: a directory stands for GitHub's cache and artifact store.
import fs from "node:fs";
import path from "node:path";

const wordsOf = (text) => String(text ?? "").split("\n").map((line) => line.trim()).filter((line) => line !== "");

function copy(from, to) {
  fs.mkdirSync(path.dirname(to), { recursive: true });
  fs.cpSync(from, to, { recursive: true, force: true, preserveTimestamps: true, verbatimSymlinks: true });
}

function needsStore(directory, option) {
  if (!directory) {
    throw new Error(`this step needs a store: option '${option}'`);
  }
  return directory;
}

const entryOf = (machine, key) => path.join(needsStore(machine.cache, "--cache"), encodeURIComponent(key));

function findKey(machine, inputs) {
  if (fs.existsSync(entryOf(machine, inputs.key))) {
    return inputs.key;
  }
  const keys = fs.existsSync(machine.cache) ? fs.readdirSync(machine.cache).map(decodeURIComponent).sort() : [];
  const isPrefix = (prefix) => keys.find((key) => key.startsWith(prefix));
  return wordsOf(inputs["restore-keys"]).map(isPrefix).find((key) => key !== undefined);
}

function cacheRestore({ machine, inputs }) {
  const key = findKey(machine, inputs);
  if (key === undefined) {
    return { "cache-primary-key": inputs.key };
  }
  wordsOf(inputs.path).forEach((target, index) => {
    const saved = path.join(entryOf(machine, key), String(index));
    if (fs.existsSync(saved)) {
      copy(saved, target);
    }
  });
  return { "cache-hit": String(key === inputs.key), "cache-primary-key": inputs.key, "cache-matched-key": key };
}

// An entry once saved is never changed.
function cacheSave({ machine, inputs }) {
  const entry = entryOf(machine, inputs.key);
  if (!fs.existsSync(entry)) {
    fs.mkdirSync(entry, { recursive: true });
    wordsOf(inputs.path).forEach((source, index) => {
      if (fs.existsSync(source)) {
        copy(source, path.join(entry, String(index)));
      }
    });
  }
  return {};
}

function cache(step) {
  const outputs = cacheRestore(step);
  step.machine.post.push(() => cacheSave(step));
  return outputs;
}

// One file stands at the artifact's root, a directory gives its contents, several keep the paths below what they share.
function uploadArtifact({ machine, inputs, directory }) {
  const artifact = path.join(needsStore(machine.artifacts, "--artifacts"), encodeURIComponent(inputs.name || "artifact"));
  const sources = wordsOf(inputs.path).map((each) => path.resolve(directory, each));
  const found = sources.filter((each) => fs.existsSync(each));
  if (found.length === 0) {
    if (inputs["if-no-files-found"] === "error") {
      throw new Error(`No files were found with the provided path: ${inputs.path}`);
    }
    return {};
  }
  if (fs.existsSync(artifact) && inputs.overwrite !== "true") {
    throw new Error(`an artifact with the name ${inputs.name} already exists`);
  }
  fs.rmSync(artifact, { recursive: true, force: true });
  let root = sources.length > 1 || !fs.statSync(found[0]).isDirectory() ? path.dirname(sources[0]) : found[0];
  while (!sources.every((each) => `${each}/`.startsWith(`${root}/`))) {
    root = path.dirname(root);
  }
  for (const each of found) {
    copy(each, path.join(artifact, path.relative(root, each)));
  }
  return { "artifact-id": "1" };
}

function downloadArtifact({ machine, inputs, directory }) {
  const store = needsStore(machine.artifacts, "--artifacts");
  const target = path.resolve(directory, inputs.path || ".");
  if (inputs.name) {
    const artifact = path.join(store, encodeURIComponent(inputs.name));
    if (!fs.existsSync(artifact)) {
      throw new Error(`Unable to download artifact(s): Artifact not found for name: ${inputs.name}`);
    }
    copy(artifact, target);
    return { "download-path": target };
  }
  const pattern = new RegExp(`^${(inputs.pattern || "*").replace(/[.+^${}()|[\]\\]/g, "\\$&").replace(/\*/g, ".*")}$`);
  for (const each of fs.existsSync(store) ? fs.readdirSync(store) : []) {
    if (pattern.test(decodeURIComponent(each))) {
      const below = inputs["merge-multiple"] === "true" ? "" : decodeURIComponent(each);
      copy(path.join(store, each), path.join(target, below));
    }
  }
  return { "download-path": target };
}

const MODELS = {
  "actions/cache": cache,
  "actions/cache/restore": cacheRestore,
  "actions/cache/save": cacheSave,
  "actions/checkout": () => ({}), // the workspace is what the caller made it
  "actions/download-artifact": downloadArtifact,
  "actions/upload-artifact": uploadArtifact,
};

/** The model of `uses: NAME@COMMIT`; only what is pinned by a whole commit id is known. */
export function modelOf(uses) {
  const [name, version] = uses.split("@");
  if (MODELS[name] && !/^[0-9a-f]{40}$/.test(version ?? "")) {
    throw new Error(`'${uses}' is not pinned by a commit`);
  }
  return MODELS[name];
}
