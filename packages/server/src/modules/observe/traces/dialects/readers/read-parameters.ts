import { isRecord } from "../../../../../kernel/is-record.ts";
import { type AttributeReader, toJson } from "./attribute-reader.ts";
import type { JsonRecord } from "./json.ts";

type Parameters = Record<string, unknown>;

/** Fields of requests that are not parameters and are read elsewhere. */
const CONTENT = new Set([
  "model",
  "model_name",
  "_type",
  "messages",
  "input",
  "prompt",
  "system",
  "instructions",
  "contents",
  "tools",
  "functions",
  "extra_headers",
]);
/** The place of the input in a request. */
const QUESTIONS = ["messages", "input", "prompt", "contents"];
const FAMILIES = ["gen_ai.request.", "gen_ai.openai.request.", "openai.request.", "llm.request."];
const OTHERS: readonly (readonly [attribute: string, parameter: string])[] = [
  ["gen_ai.output.type", "output_type"],
  ["gen_ai.openai.response_format", "response_format"],
  ["llm.frequency_penalty", "frequency_penalty"],
  ["llm.presence_penalty", "presence_penalty"],
  ["llm.top_k", "top_k"],
  ["llm.chat.stop_sequences", "stop_sequences"],
  ["llm.is_streaming", "stream"],
  ["gen_ai.is_streaming", "stream"],
];
/** Below `gen_ai.request.`, yet no parameters. */
const NOT_PARAMETERS = new Set(["model", "type", "user"]);

/** `gen_ai.request.temperature` and the like, without their prefix. */
export function readGenAiParameters(reader: AttributeReader): Parameters {
  const entries: [string, unknown][] = [];
  for (const [key, value] of reader.attributes) {
    const name = nameOf(key);
    if (name === "" || NOT_PARAMETERS.has(name) || name.startsWith("functions.") || isUnset(value)) continue;
    reader.drop(key);
    const plain = toJson(value);
    // traceAI writes all of them as one record.
    if (name === "parameters" && isRecord(plain)) entries.push(...Object.entries(parametersOf(plain)));
    else entries.push([name === "choice.count" ? "n" : name, plain]);
  }
  for (const [attribute, parameter] of OTHERS) {
    const value = reader.value(attribute);
    if (!isUnset(value)) entries.push([parameter, value]);
  }
  return Object.fromEntries(entries);
}

/** Names come again and again. A sender may make up any number of them, so not all are remembered. */
const names = new Map<string, string>();
const MAX_NAMES = 10_000;

function nameOf(key: string): string {
  const known = names.get(key);
  if (known !== undefined) return known;
  const family = FAMILIES.find((prefix) => key.startsWith(prefix));
  const name = family === undefined ? "" : key.slice(family.length);
  if (names.size < MAX_NAMES) names.set(key, name);
  return name;
}

/** The parameters among a request's fields, or in a record that contains only parameters. */
export function parametersOf(request: unknown): Parameters {
  if (!isRecord(request)) return {};
  return Object.fromEntries(Object.entries(request).filter(([name, value]) => !CONTENT.has(name) && !isUnset(value)));
}

/** The parameters of a whole request. A record that is not a request has none. */
export const requestParametersOf = (request: unknown): Parameters =>
  isRecord(request) && QUESTIONS.some((name) => Object.hasOwn(request, name)) ? parametersOf(request) : {};

/** A request's tools, as it offers them. */
export function toolsOf(request: unknown): readonly unknown[] {
  if (!isRecord(request)) return [];
  const { tools, functions } = request as JsonRecord;
  const toolList = tools ?? functions;
  return Array.isArray(toolList) ? toolList : [];
}

/** Some senders write every parameter, including unset ones. */
const isUnset = (value: unknown) =>
  value === undefined ||
  value === null ||
  value === "" ||
  value === "Infinity" ||
  (Array.isArray(value) && value.length === 0);
