import type { ScorerSample } from "@treadle/contract";
import { parseJson, type ToolCall } from "@treadle/metrics";
import { isRecord } from "../../../../../kernel/is-record.ts";
import { toJson } from "../text/json-match.ts";

type Calls = { readonly calls: readonly ToolCall[] } | { readonly reason: string };

/** The calls that an answer made; none when it made none. */
export const callsMade = ({ toolCalls = [] }: ScorerSample): ToolCall[] =>
  toolCalls.map(({ name, arguments: given }) => ({ name, arguments: toJson(given) }));

/** The calls that were expected: a list of them, or an object or a message with one, in our shape or in OpenAI's. */
export function callsExpected({ expected }: Pick<ScorerSample, "expected">): Calls {
  if (expected === null || expected === undefined) return { reason: "There is no expected answer." };
  const list = listIn(expected);
  if (list === null) return { reason: "The expected answer is not a list of tool calls with `name` and `arguments`." };
  const calls = list.map(readCall);
  const whole = calls.flatMap((call) => call ?? []);
  if (whole.length < calls.length) return { reason: "An expected tool call has no `name`." };
  return { calls: whole };
}

function listIn(expected: unknown): unknown[] | null {
  const value = typeof expected === "string" ? parseJson(expected) : expected;
  if (Array.isArray(value)) return value;
  if (!isRecord(value)) return null;
  const inner = value.toolCalls ?? value.tool_calls;
  if (Array.isArray(inner)) return inner;
  return readCall(value) === null ? null : [value];
}

function readCall(value: unknown): ToolCall | null {
  if (typeof value === "string") return { name: value, arguments: {} };
  if (!isRecord(value)) return null;
  const call = isRecord(value.function) ? value.function : value;
  if (typeof call.name !== "string" || call.name === "") return null;
  return { name: call.name, arguments: toJson(call.arguments ?? call.args ?? {}) };
}

/** Arguments as a value: the wire has them as JSON in a text. */
export function argumentsOf({ arguments: given }: ToolCall) {
  return typeof given === "string" ? (parseJson(given) ?? given) : given;
}
