import { type Fields, isFields } from "../../../../components/form/json-fields.ts";

/** A chat message of an item. Other keys, such as tool calls and a weight, are preserved. */
export type ChatMessage = Fields & { readonly role: string };

const isMessage = (value: unknown): value is ChatMessage =>
  isFields(value) && typeof value.role === "string" && ("content" in value || "tool_calls" in value);

/** A conversation, which is edited message by message. */
export const isMessages = (value: unknown): value is readonly ChatMessage[] =>
  Array.isArray(value) && value.length > 0 && value.every(isMessage);

/** An object with few enough keys to edit each one, which is not a message. */
const isSmallObject = (value: unknown): value is Fields =>
  isFields(value) && Object.keys(value).length > 0 && Object.keys(value).length <= 12;

/** The editor of a value. */
export function editorOf(
  value: unknown,
  depth = 0,
): "text" | "number" | "switch" | "messages" | "message" | "fields" | "json" {
  if (typeof value === "string") return "text";
  if (typeof value === "number") return "number";
  if (typeof value === "boolean") return "switch";
  if (isMessages(value)) return "messages";
  if (isMessage(value)) return "message";
  return depth < 1 && isSmallObject(value) ? "fields" : "json";
}

/** The initial expected answer, in the shape of the inputs. */
export const firstExpected = (inputs: Fields): unknown =>
  isMessages(inputs.messages) ? { role: "assistant", content: "" } : "";

/** An empty item in the shape of another item. */
export function emptyLike(inputs: Fields | undefined): Fields {
  if (!inputs || Object.keys(inputs).length === 0) return { prompt: "" };
  return Object.fromEntries(
    Object.entries(inputs)
      .filter(([name]) => name !== "tools")
      .map(([name, value]) => [
        name,
        isMessages(value) ? [{ role: "user", content: "" }] : typeof value === "string" ? "" : value,
      ]),
  );
}
