// Lets packages import JSON files without saying that they are JSON, which this Node may insist on.
import fs from "node:fs";
import { fileURLToPath } from "node:url";

export async function load(url, context, nextLoad) {
  if (!url.startsWith("file:") || !url.endsWith(".json")) {
    return nextLoad(url, context);
  }
  const text = fs.readFileSync(fileURLToPath(url), "utf8");
  return { format: "module", shortCircuit: true, source: `export default ${text};` };
}
