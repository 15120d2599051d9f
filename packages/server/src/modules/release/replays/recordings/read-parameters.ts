import type { Span } from "@treadle/contract";
import { isRecord } from "../../../../kernel/is-record.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Fields of a chat request that do not shape the answer, or belong to the caller. */
const NOT_REPLAYED = new Set([
  "model",
  "messages",
  "stream",
  "stream_options",
  "n",
  "prompt",
  "tools",
  "metadata",
  "user",
  "store",
]);
/** Parameters by OpenAI's chat name. Other formats have the same meaning under these names. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  temperature: ["temperature"],
  top_p: ["top_p"],
  seed: ["seed"],
  max_tokens: ["max_tokens", "max_output_tokens", "max_completion_tokens"],
  stop: ["stop", "stop_sequences"],
  frequency_penalty: ["frequency_penalty"],
  presence_penalty: ["presence_penalty"],
};

/** The parameters of a recorded call as a chat request has them. */
export function readParameters({ parameters, attributes }: Pick<Span, "parameters" | "attributes">): Fields {
  if (attributes["treadle.wire"] === "chat")
    return Object.fromEntries(Object.entries(parameters).filter(([name]) => !NOT_REPLAYED.has(name)));
  const entries = Object.entries(NAMES).flatMap(([name, others]) => {
    const value = others.map((other) => parameters[other]).find((one) => one !== undefined && one !== null);
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(entries);
}

/** The tools that the recorded call offered, in OpenAI's chat format. */
export function readTools({ parameters, attributes }: Pick<Span, "parameters" | "attributes">): Fields[] {
  const tools = parsed(parameters.tools ?? attributes["gen_ai.tool.definitions"]);
  return Array.isArray(tools) ? tools.filter(isRecord).flatMap(toTool) : [];
}

/** Anthropic's tools have an `input_schema`, and tools of OpenAI's Responses API are not wrapped. Other tools run at the provider. */
function toTool(tool: Fields): Fields[] {
  if (isRecord(tool.function)) return [{ type: "function", function: tool.function }];
  if (typeof tool.name !== "string") return [];
  const { name, description, parameters, input_schema: schema, strict } = tool;
  return [{ type: "function", function: compact({ name, description, parameters: parameters ?? schema, strict }) }];
}

/** The variables of the recorded prompt: Treadle's, or OpenInference's. */
export function readInputs({ attributes }: Pick<Span, "attributes">): Fields | null {
  const inputs = parsed(attributes["treadle.prompt.inputs"] ?? attributes["llm.prompt_template.variables"]);
  return isRecord(inputs) ? inputs : null;
}

/** How many messages at the beginning come from the prompt. Anthropic's format has the system texts first, so there it is not known. */
export function countPromptMessages({ attributes }: Pick<Span, "attributes">): number | null {
  if (attributes["treadle.wire"] === "messages") return null;
  const count = Number(attributes["treadle.prompt.messages"] ?? Number.NaN);
  return Number.isInteger(count) && count >= 0 ? count : null;
}

function parsed(value: unknown): unknown {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

const compact = (fields: Fields): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== null));
