import { type AnnotationContent, annotationFieldText } from "@treadle/contract";
import type { Message } from "./evidence.ts";

type Field = AnnotationContent["fields"][number];

/** What fields are called that hold what was asked, and what was answered. */
const ASKED: readonly string[] = ["input", "messages", "prompt", "conversation", "question", "inputs"];
const ANSWERED: readonly string[] = ["output", "answer", "response", "completion"];

const isMessage = (value: unknown): value is Message =>
  typeof value === "object" && value !== null && "role" in value && typeof value.role === "string";

/** A value as messages: those that it is, or one of the role with its text. */
export function asMessages(value: unknown, role: "user" | "assistant"): Message[] {
  if (Array.isArray(value) && value.length > 0 && value.every(isMessage)) return [...value];
  if (isMessage(value)) return [value];
  if (value === null || value === undefined || value === "") return [];
  return [{ role, content: typeof value === "string" ? value : JSON.stringify(value) }];
}

const named = (fields: readonly Field[], keys: readonly string[]): Field | undefined =>
  keys.map((key) => fields.find((field) => field.key === key)).find((field) => field !== undefined);

function askedIn(fields: readonly Field[]): Field | undefined {
  const others = fields.filter(({ key }) => !ANSWERED.includes(key));
  return named(others, ASKED) ?? others.find(({ kind }) => kind === "messages") ?? others[0];
}

/** What was asked; empty when no field says so. */
export function promptOf({ fields }: AnnotationContent): Message[] {
  const field = askedIn(fields);
  return field ? asMessages(field.value, "user") : [];
}

/** The tools that the model could call, when a field has them. */
export function toolsOf({ fields }: AnnotationContent): readonly unknown[] | null {
  const value = fields.find(({ key }) => key === "tools")?.value;
  return Array.isArray(value) && value.length > 0 ? value : null;
}

const answeredIn = (fields: readonly Field[], key?: string): Field | undefined =>
  key === undefined ? (named(fields, ANSWERED) ?? (fields.length === 1 ? fields[0] : undefined)) : named(fields, [key]);

/** What was answered: the field of that key, or the one that is called so. Of a candidate its only field is its answer. */
export function answerOf(fields: readonly Field[], key?: string): Message[] {
  const field = answeredIn(fields, key);
  return field ? asMessages(field.value, "assistant") : [];
}

/** An answer with what was asked before it. */
export type Exchange = {
  readonly prompt: readonly Message[];
  readonly answer: readonly Message[];
  /** Of a conversation in one field the text before the answer, which a correction of that field begins with. */
  readonly before: string;
};

/** What is judged by itself: of a conversation in one field the last answer; what was said before it is the prompt. */
export function exchangeOf(content: AnnotationContent, key?: string): Exchange {
  const { fields, candidates } = content;
  const field = answeredIn(fields, key);
  const said = field && candidates.length === 0 && field === askedIn(fields) ? asMessages(field.value, "user") : [];
  if (!field || !said.some(({ role }) => role === "assistant"))
    return { prompt: promptOf(content), answer: answerOf(fields, key), before: "" };
  const end = said.findLastIndex(({ role }) => role === "assistant") + 1;
  const start = said.findLastIndex(({ role }, at) => at < end && (role === "user" || role === "system")) + 1;
  const prompt = said.slice(0, start);
  const text =
    prompt.length === 0 ? "" : `${annotationFieldText({ ...field, value: JSON.parse(JSON.stringify(prompt)) })}\n\n`;
  return { prompt, answer: said.slice(start, end), before: text };
}

/**
 * A person's text in the place of an answer: a message, messages or a text as they wrote it. Where it begins with what was said
 * before the answer, only the rest is the correction; empty when what was said before was changed, since no answer tells of that.
 */
export function correctionOf(value: unknown, before = ""): Message[] {
  if (typeof value !== "string") return asMessages(value, "assistant");
  const content = value.startsWith(before) ? value.slice(before.length) : "";
  return content.trim() === "" ? [] : [{ role: "assistant", content }];
}
