import { type Fields, isFields } from "../../components/json-fields.ts";

/** A message of a chat as items hold it; what else it carries, such as tool calls and a weight, is kept. */
export type ChatMessage = Fields & { readonly role: string };

const isMessage = (value: unknown): value is ChatMessage =>
  isFields(value) && typeof value.role === "string" && ("content" in value || "tool_calls" in value);

/** A conversation, which is edited message by message. */
export const isMessages = (value: unknown): value is readonly ChatMessage[] =>
  Array.isArray(value) && value.length > 0 && value.every(isMessage);

/** An object whose keys are few enough to be edited one by one, and which is no message. */
const isSmallObject = (value: unknown): value is Fields =>
  isFields(value) && Object.keys(value).length > 0 && Object.keys(value).length <= 12;

/** How a value is edited. */
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

/** What a first expected answer is, so that it has the shape of the inputs. */
export const firstExpected = (inputs: Fields): unknown =>
  isMessages(inputs.messages) ? { role: "assistant", content: "" } : "";

/** An item like another one, without what it says. */
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
