import type { AnnotationField } from "@treadle/contract";
import { readMessages, textOfMessages } from "../../datasets/index.ts";

type Message = Readonly<Record<string, unknown>>;

const MOST_FIELDS = 24;
const MOST_METADATA = 30;

/** JSON of our own making: what JSON cannot say is left out. */
const asJson = (value: unknown): AnnotationField["value"] => JSON.parse(JSON.stringify(value ?? null));

/** A key that answers can name: other characters become underscores. */
const toKey = (name: string) => {
  const plain = name.replaceAll(/[^\w.-]/g, "_").slice(0, 58);
  return /^[A-Za-z]/.test(plain) ? plain : `f_${plain}`;
};

const isMessages = (value: unknown) =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.every((one) => typeof one === "object" && one !== null && typeof Reflect.get(one, "role") === "string");

/** A value as a field: chat messages as such, texts as texts, anything else as JSON. */
export function fieldOf(name: string, value: unknown, kind: "text" | "markdown" = "text"): AnnotationField {
  const field = { key: toKey(name), title: name.slice(0, 200) };
  if (typeof value === "string") return { ...field, kind, value };
  return { ...field, kind: isMessages(value) ? "messages" : "json", value: asJson(value) };
}

/** One field for each key of an object. */
export const fieldsOf = (values: Readonly<Record<string, unknown>>): AnnotationField[] =>
  Object.entries(values)
    .slice(0, MOST_FIELDS)
    .map(([name, value]) => fieldOf(name, value));

/** What a model was asked, as messages; null when there is nothing. */
export function askedField(input: unknown): AnnotationField | null {
  const messages = readMessages(input, "user");
  return messages && { key: "input", title: "Input", kind: "messages", value: asJson(messages) };
}

/** What a model answered: its text, or with calls of tools its messages; null when there is nothing. */
export function answerField(output: unknown): AnnotationField | null {
  const messages = readMessages(output, "assistant");
  if (!messages) return null;
  const isText = !messages.some(({ tool_calls: calls, role }: Message) => Array.isArray(calls) || role === "tool");
  const text = textOfMessages(messages);
  const field = { key: "output", title: "Output" };
  if (isText && text !== "") return { ...field, kind: "markdown", value: text };
  return { ...field, kind: "messages", value: asJson(messages) };
}

/** What can be told apart by: texts, numbers and truths of one level. */
export const plainMetadata = (values: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values)
      .filter(([, value]) => ["string", "number", "boolean"].includes(typeof value) && value !== "")
      .slice(0, MOST_METADATA)
      .map(([name, value]) => [name.slice(0, 120), String(value).slice(0, 1_000)]),
  );
