import { type AnnotationContent, annotationFieldText } from "@treadle/contract";
import type { Message } from "./evidence.ts";

type Field = AnnotationContent["fields"][number];

/** Names of fields that contain the prompt or the answer. */
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

/** The prompt. Empty if no field contains it. */
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

/** The answer: the field with that key or that name. A candidate's only field is its answer. */
export function answerOf(fields: readonly Field[], key?: string): Message[] {
  const field = answeredIn(fields, key);
  return field ? asMessages(field.value, "assistant") : [];
}

/** An answer with its prompt. */
export type Exchange = {
  readonly prompt: readonly Message[];
  readonly answer: readonly Message[];
  /** For a conversation in one field, the text before the answer, with which a correction of that field starts. */
  readonly before: string;
};

/** The judged part: of a conversation in one field, the last answer. The earlier messages are the prompt. */
export function exchangeOf(content: AnnotationContent, key?: string): Exchange {
  const { fields, candidates } = content;
  const field = answeredIn(fields, key);
  const messages = field && candidates.length === 0 && field === askedIn(fields) ? asMessages(field.value, "user") : [];
  if (!field || !messages.some(({ role }) => role === "assistant"))
    return { prompt: promptOf(content), answer: answerOf(fields, key), before: "" };
  const end = messages.findLastIndex(({ role }) => role === "assistant") + 1;
  const start = messages.findLastIndex(({ role }, at) => at < end && (role === "user" || role === "system")) + 1;
  const prompt = messages.slice(0, start);
  const text =
    prompt.length === 0 ? "" : `${annotationFieldText({ ...field, value: JSON.parse(JSON.stringify(prompt)) })}\n\n`;
  return { prompt, answer: messages.slice(start, end), before: text };
}

/**
 * A person's text instead of an answer: a message, messages or plain text. If it starts with the messages before the
 * answer, only the rest is the correction. Empty if the earlier messages were changed, because that is not a correction
 * of the answer.
 */
export function correctionOf(value: unknown, before = ""): Message[] {
  if (typeof value !== "string") return asMessages(value, "assistant");
  const content = value.startsWith(before) ? value.slice(before.length) : "";
  return content.trim() === "" ? [] : [{ role: "assistant", content }];
}
