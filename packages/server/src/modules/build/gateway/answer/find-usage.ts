import { isRecord } from "../../../../kernel/is-record.ts";
import { type JsonRecord, parseJson } from "../formats/hub/json.ts";

/** The short fields of an answer are before or after the long ones. */
const EDGE_BYTES = 4_096;

/**
 * Finds `usage` and `model` without parsing the whole answer, such as a megabyte of embeddings. The search starts at
 * the end. Undefined if there is no usage.
 */
export function findUsage(body: Buffer): { usage: JsonRecord | undefined; model: string } {
  const tail = body.toString("utf8", Math.max(0, body.length - EDGE_BYTES));
  const head = body.toString("utf8", 0, EDGE_BYTES);
  const usage = objectAfter(tail, '"usage"') ?? objectAfter(head, '"usage"');
  return { usage, model: textAfter(tail, '"model"') || textAfter(head, '"model"') };
}

/** Usage contains at most one object, with details. */
function objectAfter(text: string, key: string): JsonRecord | undefined {
  const at = text.lastIndexOf(key);
  if (at === -1) return undefined;
  const usageText = /^\s*:\s*(\{(?:[^{}]|\{[^{}]*\})*\})/.exec(text.slice(at + key.length))?.[1];
  const value = usageText === undefined ? undefined : parseJson(usageText);
  return isRecord(value) ? value : undefined;
}

const textAfter = (text: string, key: string): string => {
  const at = text.lastIndexOf(key);
  return at === -1 ? "" : (/^\s*:\s*"([^"\\]{1,300})"/.exec(text.slice(at + key.length))?.[1] ?? "");
};
