import { hash } from "node:crypto";
import type { Item } from "@treadle/contract";
import { isRecord } from "../../../../kernel/is-record.ts";

/** A part of an item's text and its owner: a role of a conversation, or the field of a table. */
export type TextPart = { readonly role: string; readonly text: string };

/** The compared part of an item: all of it, the prompt, or the last answer. */
export const TEXT_VIEWS = ["all", "prompt", "answer"] as const;
export type TextView = (typeof TEXT_VIEWS)[number];

type Content = Pick<Item, "inputs" | "expected">;

const INSTRUCTING = new Set(["system", "developer"]);
/** Longer parts of a message that are not text, such as images, stand as their hash. */
const MOST_VERBATIM = 200;

/**
 * The prompt: the messages before the last answer, or the fields of the inputs in order of their names. Without tools.
 */
export function promptParts({ inputs, expected }: Content): TextPart[] {
  const { messages, tools: _tools, ...fields } = inputs;
  if (!Array.isArray(messages))
    return Object.keys(inputs)
      .sort()
      .flatMap((name) => fieldPart(name, inputs[name]));
  const asked = hasAnswer(expected) ? messages : messages.slice(0, lastAnswerOf(messages));
  const beside = Object.keys(fields)
    .sort()
    .flatMap((name) => fieldPart(name, fields[name]));
  return [...asked.flatMap((message) => messageParts(message, "user")), ...beside];
}

/** The answer: the expected answer, or the last answer of a conversation without a separate expected answer. */
export function answerParts({ inputs, expected }: Content): TextPart[] {
  if (hasAnswer(expected)) return expectedParts(expected);
  const { messages } = inputs;
  if (!Array.isArray(messages)) return [];
  return messages.slice(lastAnswerOf(messages)).flatMap((message) => messageParts(message, "assistant"));
}

/** The text of an item as a person reads it, a line for each part. What a system message says is left out when `isSpoken`. */
export function textOf(item: Content, view: TextView, { isSpoken = false } = {}): string {
  const parts = view === "prompt" ? promptParts(item) : view === "answer" ? answerParts(item) : allParts(item);
  return (isSpoken ? parts.filter(({ role }) => !INSTRUCTING.has(role)) : parts).map(({ text }) => text).join("\n");
}

export const allParts = (item: Content): TextPart[] => [...promptParts(item), ...answerParts(item)];

/** JSON with its keys in order, so that equal values give equal text. */
export function canonicalJson(value: unknown): string {
  const sorted = (_key: string, inner: unknown) =>
    isRecord(inner) ? Object.fromEntries(Object.entries(inner).sort(([one], [two]) => (one < two ? -1 : 1))) : inner;
  return JSON.stringify(value, sorted) ?? "null";
}

const hasAnswer = (expected: unknown) => expected !== null && expected !== undefined;

/** The index of the conversation's last answer, or its end if the last message is not an answer. */
function lastAnswerOf(messages: readonly unknown[]): number {
  const last = messages.at(-1);
  return isRecord(last) && last.role === "assistant" ? messages.length - 1 : messages.length;
}

function expectedParts(expected: unknown): TextPart[] {
  if (!isRecord(expected)) return fieldPart("assistant", expected);
  if (typeof expected.role === "string") return messageParts(expected, "assistant");
  const lists = ["chosen", "rejected", "completion"].filter((name) => Array.isArray(expected[name]));
  if (lists.length === 0) return fieldPart("assistant", expected);
  return lists.flatMap((name) => listOf(expected[name]).flatMap((message) => answerOf(name, message)));
}

const answerOf = (name: string, message: unknown) =>
  messageParts(message, "assistant").map(({ role, text }) => ({ role: name === "rejected" ? name : role, text }));

function fieldPart(role: string, value: unknown): TextPart[] {
  if (value === null || value === undefined || value === "") return [];
  return [{ role, text: typeof value === "string" ? value : canonicalJson(value) }];
}

function messageParts(message: unknown, otherwise: string): TextPart[] {
  if (!isRecord(message)) return fieldPart(otherwise, message);
  const role = typeof message.role === "string" ? message.role : otherwise;
  const calls = listOf(message.tool_calls).map(callText);
  const text = [contentText(message.content), ...calls].filter((line) => line !== "").join("\n");
  return text === "" ? [] : [{ role, text }];
}

function contentText(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return content === null || content === undefined ? "" : canonicalJson(content);
  return content.map(pieceText).join("\n");
}

function pieceText(piece: unknown): string {
  if (typeof piece === "string") return piece;
  if (isRecord(piece) && typeof piece.text === "string") return piece.text;
  const json = canonicalJson(piece);
  return json.length <= MOST_VERBATIM ? json : `[${hash("sha256", json)}]`;
}

function callText(call: unknown): string {
  const made = isRecord(call) && isRecord(call.function) ? call.function : call;
  if (!isRecord(made)) return canonicalJson(made);
  const given = typeof made.arguments === "string" ? made.arguments : canonicalJson(made.arguments);
  return `${typeof made.name === "string" ? made.name : ""}(${given})`;
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
