import type { AnnotationField } from "@treadle/contract";
import { readMessages, textOfMessages } from "../../../data/datasets/index.ts";

type Message = Readonly<Record<string, unknown>>;

const MOST_FIELDS = 24;
const MOST_METADATA = 30;

/** JSON created by Treadle. Values that JSON cannot express are left out. */
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

/** A model's input, as messages. Null if there is none. */
export function askedField(input: unknown): AnnotationField | null {
  const messages = readMessages(input, "user");
  return messages && { key: "input", title: "Input", kind: "messages", value: asJson(messages) };
}

/** A model's output: its text, or its messages if it calls tools. Null if there is none. */
export function answerField(output: unknown): AnnotationField | null {
  const messages = readMessages(output, "assistant");
  if (!messages) return null;
  const isText = !messages.some(({ tool_calls: calls, role }: Message) => Array.isArray(calls) || role === "tool");
  const text = textOfMessages(messages);
  const field = { key: "output", title: "Output" };
  if (isText && text !== "") return { ...field, kind: "markdown", value: text };
  return { ...field, kind: "messages", value: asJson(messages) };
}

/** Values to slice by: texts, numbers and booleans at the top level. */
export const plainMetadata = (values: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values)
      .filter(([, value]) => ["string", "number", "boolean"].includes(typeof value) && value !== "")
      .slice(0, MOST_METADATA)
      .map(([name, value]) => [name.slice(0, 120), String(value).slice(0, 1_000)]),
  );
