import type { AnnotationContent } from "@treadle/contract";
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

/** What was asked; empty when no field says so. */
export function promptOf({ fields }: AnnotationContent): Message[] {
  const others = fields.filter(({ key }) => !ANSWERED.includes(key));
  const field = named(others, ASKED) ?? others.find(({ kind }) => kind === "messages") ?? others[0];
  return field ? asMessages(field.value, "user") : [];
}

/** The tools that the model could call, when a field has them. */
export function toolsOf({ fields }: AnnotationContent): readonly unknown[] | null {
  const value = fields.find(({ key }) => key === "tools")?.value;
  return Array.isArray(value) && value.length > 0 ? value : null;
}

/** What was answered: the field of that key, or the one that is called so. Of a candidate its only field is its answer. */
export function answerOf(fields: readonly Field[], key?: string): Message[] {
  const field =
    key === undefined
      ? (named(fields, ANSWERED) ?? (fields.length === 1 ? fields[0] : undefined))
      : named(fields, [key]);
  return field ? asMessages(field.value, "assistant") : [];
}

/** A person's text in the place of an answer: a message, messages or a text as they wrote it. */
export function correctionOf(value: unknown): Message[] {
  if (typeof value !== "string") return asMessages(value, "assistant");
  return value.trim() === "" ? [] : [{ role: "assistant", content: value }];
}
