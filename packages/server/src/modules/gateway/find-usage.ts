import { isRecord, type JsonRecord, parseJson } from "./wires/json.ts";

/** Where the short fields of an answer stand: before or behind the long ones. */
const EDGE_BYTES = 4_096;

/**
 * `usage` and `model` of an answer whose data need not be read, such as a megabyte of embeddings: looked for from its end.
 * Undefined where there is none.
 */
export function findUsage(body: Buffer): { usage: JsonRecord | undefined; model: string } {
  const tail = body.toString("utf8", Math.max(0, body.length - EDGE_BYTES));
  const head = body.toString("utf8", 0, EDGE_BYTES);
  const usage = objectAfter(tail, '"usage"') ?? objectAfter(head, '"usage"');
  return { usage, model: textAfter(tail, '"model"') || textAfter(head, '"model"') };
}

/** Usage holds at most one object in it, of details. */
function objectAfter(text: string, key: string): JsonRecord | undefined {
  const at = text.lastIndexOf(key);
  if (at === -1) return undefined;
  const found = /^\s*:\s*(\{(?:[^{}]|\{[^{}]*\})*\})/.exec(text.slice(at + key.length))?.[1];
  const value = found === undefined ? undefined : parseJson(found);
  return isRecord(value) ? value : undefined;
}

const textAfter = (text: string, key: string): string => {
  const at = text.lastIndexOf(key);
  return at === -1 ? "" : (/^\s*:\s*"([^"\\]{1,300})"/.exec(text.slice(at + key.length))?.[1] ?? "");
};
