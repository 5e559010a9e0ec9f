// Expressions `${{ … }}` and conditions, evaluated by GitHub's own library.
import { Evaluator, Lexer, Parser, data } from "@actions/expressions";

const CONTEXTS = ["github", "inputs", "env", "steps", "runner", "job", "matrix", "needs", "secrets", "vars", "strategy"];

// The status of what has run so far: of the composite action inside one, of the job outside.
function statusFunctions(hasFailed) {
  const define = (name, value) => ({
    name,
    minArgs: 0,
    maxArgs: 0,
    call: () => new data.BooleanData(value),
  });
  return [
    define("success", !hasFailed),
    define("failure", hasFailed),
    define("always", true),
    define("cancelled", false),
  ];
}

const toData = (value) => JSON.parse(JSON.stringify(value ?? null), data.reviver);

/** The value of one expression, as the library's data. */
export function evaluate(expression, context, hasFailed = false) {
  const functions = statusFunctions(hasFailed);
  const { tokens } = new Lexer(expression).lex();
  const tree = new Parser(tokens, CONTEXTS, functions).parse();
  const dictionary = new data.Dictionary();
  for (const name of CONTEXTS) {
    dictionary.add(name, toData(context[name] ?? {}));
  }
  return new Evaluator(tree, dictionary, new Map(functions.map((each) => [each.name, each]))).evaluate();
}

// Where the expression that starts at `from` ends: at the first `}}` outside of a quoted text.
function endOfExpression(text, from) {
  let isQuoted = false;
  for (let i = from; i < text.length; i += 1) {
    if (text[i] === "'") {
      isQuoted = !isQuoted;
    } else if (!isQuoted && text.startsWith("}}", i)) {
      return i;
    }
  }
  throw new Error(`an expression is not closed in '${text}'`);
}

/** The text with every expression in it replaced by its value. Values are never looked at again. */
export function interpolate(value, context, hasFailed = false) {
  const text = String(value ?? "");
  let result = "";
  let at = 0;
  for (;;) {
    const start = text.indexOf("${{", at);
    if (start < 0) {
      return result + text.slice(at);
    }
    const end = endOfExpression(text, start + 3);
    result += text.slice(at, start);
    result += evaluate(text.slice(start + 3, end).trim(), context, hasFailed).coerceString();
    at = end + 2;
  }
}

function isTrue(value) {
  switch (value.kind) {
    case data.Kind.Boolean:
      return value.value;
    case data.Kind.Number:
      return value.value !== 0 && !Number.isNaN(value.value);
    case data.Kind.String:
      return value.value !== "";
    case data.Kind.Null:
      return false;
    default:
      return true;
  }
}

/** Whether a step with this `if` runs: without a status function in it, only while nothing has failed. */
export function holds(condition, context, hasFailed) {
  let expression = String(condition ?? "success()").trim();
  if (expression.startsWith("${{") && expression.endsWith("}}")) {
    expression = expression.slice(3, -2).trim();
  }
  if (!/\b(success|failure|always|cancelled)\s*\(/.test(expression)) {
    expression = `success() && (${expression})`;
  }
  return isTrue(evaluate(expression, context, hasFailed));
}
