// The runner's command parser: which lines of a step's output it obeys, as actions/runner does it.
const COMMANDS = new Set([
  "add-mask", "add-matcher", "add-path", "debug", "echo", "endgroup", "error", "group", "internal-set-repo-path",
  "notice", "remove-matcher", "save-state", "set-env", "set-output", "stop-commands", "warning",
]);

const unescapeData = (text) =>
  text.replace(/%0D/gi, "\r").replace(/%0A/gi, "\n").replace(/%25/g, "%");
const unescapeProperty = (text) =>
  text
    .replace(/%0D/gi, "\r")
    .replace(/%0A/gi, "\n")
    .replace(/%3A/gi, ":")
    .replace(/%2C/gi, ",")
    .replace(/%25/g, "%");

function parseInfo(info, separator, message) {
  const space = info.indexOf(" ");
  const name = space < 0 ? info : info.slice(0, space);
  const properties = {};
  for (const pair of space < 0 ? [] : info.slice(space + 1).trim().split(separator)) {
    const equals = pair.indexOf("=");
    if (equals > 0 && equals < pair.length - 1) {
      properties[pair.slice(0, equals).trim()] = unescapeProperty(pair.slice(equals + 1));
    }
  }
  return { name, properties, message: unescapeData(message) };
}

// `::name properties::message`, at the start of a line but for blanks.
function parseColons(line) {
  const text = line.trimStart();
  const end = text.startsWith("::") ? text.indexOf("::", 2) : -1;
  return end < 0 ? undefined : parseInfo(text.slice(2, end), ",", text.slice(end + 2));
}

// `##[name properties]message`, anywhere in a line.
function parseBrackets(line) {
  const start = line.indexOf("##[");
  const end = start < 0 ? -1 : line.indexOf("]", start);
  return end < 0 ? undefined : parseInfo(line.slice(start + 3, end), ";", line.slice(end + 1));
}

/** The commands in what a step printed, those between stop-commands and its token left out. */
export function parseCommands(text) {
  const found = [];
  let token;
  for (const line of text.split(/\r?\n/)) {
    const candidates = [parseColons(line), parseBrackets(line)];
    if (token !== undefined) {
      if (candidates.some((each) => each?.name === token)) {
        token = undefined;
      }
      continue;
    }
    const command = candidates.find((each) => each && COMMANDS.has(each.name));
    if (command) {
      found.push(command);
      token = command.name === "stop-commands" ? command.message : undefined;
    }
  }
  return found;
}

/** The annotations among them, as the page of the job would show them. */
export function annotationsOf(commands) {
  return commands
    .filter((each) => ["error", "warning", "notice"].includes(each.name))
    .map(({ name, properties, message }) => ({ level: name, ...properties, message }));
}
