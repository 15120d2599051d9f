import type { DRIFT_SIDES } from "@treadle/contract";
import { isRecord } from "../../../../kernel/is-record.ts";
import { inputText, outputText } from "../../traces/index.ts";
import type { DriftItem, Flag } from "../analysis/drift-item.ts";
import { missesFormat } from "./json-format.ts";
import { isRefusal } from "./refusal.ts";

export type DriftTextSide = (typeof DRIFT_SIDES)[number];

/** A call as its span stores it. The payloads are JSON. */
export type StoredCall = {
  readonly traceId: string;
  readonly spanId: string;
  readonly input: string;
  readonly output: string;
  readonly parameters: string;
  readonly userId: string;
  readonly sessionId: string;
  readonly release: string;
  readonly prompt: string;
  readonly model: string;
  readonly tenant: string;
  readonly guardPolicy: string;
  readonly guardAction: string;
  /** Of the call's trace. */
  readonly toolCalls: number;
  readonly toolErrors: number;
  readonly retrievalScore: number | null;
};

/** A text of a dataset. */
export type PlainText = { readonly id: string; readonly text: string };
export type LanguageOf = (text: string) => Promise<string>;

const MOST_CHARACTERS = 4_000;

/** The texts of calls with the facts that are compared. Calls without text are left out. */
export async function readCalls(
  { side, calls }: { readonly side: DriftTextSide; readonly calls: readonly StoredCall[] },
  languageOf: LanguageOf,
): Promise<DriftItem[]> {
  const items: DriftItem[] = [];
  for (const call of calls) {
    const [input, output] = [parse(call.input), parse(call.output)];
    const answer = outputText(output);
    const text = (side === "inputs" ? inputText(input) : answer).trim();
    if (text === "") continue;
    items.push({
      ...(await describeText(text, languageOf)),
      ...placeOf(call),
      flags: side === "inputs" ? guardFlag(call) : { ...guardFlag(call), ...answerFlags(call, output, answer) },
      retrievalScore: call.retrievalScore,
    });
  }
  return items;
}

/** The same for texts without a call. */
export async function readPlainTexts(texts: readonly PlainText[], languageOf: LanguageOf): Promise<DriftItem[]> {
  const items: DriftItem[] = [];
  for (const { id, text } of texts) {
    if (text.trim() === "") continue;
    const nowhere = { traceId: null, spanId: null, release: "", prompt: "", model: "", user: "", tenant: "" };
    const described = await describeText(text.trim(), languageOf);
    items.push({ ...described, ...nowhere, unit: `i:${id}`, group: `i:${id}`, flags: {}, retrievalScore: null });
  }
  return items;
}

async function describeText(text: string, languageOf: LanguageOf) {
  const start = text.slice(0, MOST_CHARACTERS);
  return {
    text: start.toWellFormed(),
    length: text.length,
    language: await languageOf(start),
    fingerprint: start.toLowerCase().replace(/\d+/g, "0").replace(/\s+/g, " ").slice(0, 500),
  };
}

const placeOf = ({ traceId, spanId, userId, sessionId, release, prompt, model, tenant }: StoredCall) => ({
  traceId,
  spanId,
  unit: sessionId === "" ? `t:${traceId}` : `s:${sessionId}`,
  group: userId === "" ? (sessionId === "" ? `t:${traceId}` : `s:${sessionId}`) : `u:${userId}`,
  release,
  prompt,
  model,
  user: userId,
  tenant,
});

/** Only calls that guards checked can have findings. */
const guardFlag = ({ guardPolicy, guardAction }: StoredCall): Partial<Record<Flag, boolean>> =>
  guardPolicy === "" ? {} : { guardHits: guardAction !== "allow" && guardAction !== "" };

function answerFlags(call: StoredCall, output: unknown, text: string): Partial<Record<Flag, boolean>> {
  const toolCalls = call.toolCalls > 0 || hasToolCall(output);
  const invalidJson = missesFormat(parse(call.parameters), text);
  return {
    refusal: isRefusal(output, text),
    toolCalls,
    ...(call.toolCalls > 0 && { toolErrors: call.toolErrors > 0 }),
    ...(invalidJson !== undefined && { invalidJson }),
  };
}

const hasToolCall = (output: unknown): boolean =>
  Array.isArray(output) &&
  output.some(
    (message) =>
      isRecord(message) &&
      Array.isArray(message.parts) &&
      message.parts.some((part) => isRecord(part) && part.type === "tool_call"),
  );

function parse(json: string): unknown {
  if (json === "") return null;
  try {
    return JSON.parse(json);
  } catch {
    return json;
  }
}
