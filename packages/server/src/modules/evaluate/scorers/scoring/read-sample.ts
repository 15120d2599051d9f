import type { ScorerSample } from "@treadle/contract";
import { isRecord } from "../../../../kernel/is-record.ts";

/** The text fields of an expected answer that is an object, in order of precedence. */
const TEXT_FIELDS = ["content", "answer", "answers", "text", "label"] as const;
type Texts = { readonly texts: readonly string[] } | { readonly reason: string };

/**
 * The expected answers as texts: a text, a number, true or false; a list of them, each of which is right; a message or
 * an object with `answer` or `text`. Otherwise the reason why there is none.
 */
export function expectedTexts({ expected }: Pick<ScorerSample, "expected">): Texts {
  if (expected === null || expected === undefined) return { reason: "There is no expected answer." };
  const texts = textsIn(expected, 2);
  if (texts === null) return { reason: `The expected answer is ${kindOf(expected)}, but this scorer needs text.` };
  if (texts.length === 0) return { reason: "The list of expected answers is empty." };
  return { texts };
}

function textsIn(value: unknown, depth: number): string[] | null {
  if (typeof value === "string") return [value];
  if (typeof value === "number" || typeof value === "boolean") return [String(value)];
  if (depth === 0) return null;
  if (Array.isArray(value)) {
    const each = value.map((one) => textsIn(one, depth - 1));
    return each.some((one) => one === null) ? null : each.flatMap((one) => one ?? []);
  }
  if (!isRecord(value)) return null;
  const field = TEXT_FIELDS.find((name) => value[name] !== undefined && value[name] !== null);
  return field === undefined ? null : textsIn(value[field], depth);
}

export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return "nothing";
  if (Array.isArray(value)) return "a list that is not all text";
  const names: Readonly<Record<string, string>> = { object: "an object", string: "a text", number: "a number" };
  return names[typeof value] ?? "true or false";
}

/** The readable input: the last user message, or the only text. */
export function questionOf({ input, messages }: Pick<ScorerSample, "input" | "messages">): string {
  const asked = messages?.findLast(({ role }) => role === "user");
  if (asked !== undefined) return contentText(asked.content);
  if (typeof input === "string") return input;
  if (!isRecord(input)) return input === null || input === undefined ? "" : JSON.stringify(input);
  if (Array.isArray(input.messages)) {
    const last = input.messages.findLast((message) => isRecord(message) && message.role === "user");
    if (isRecord(last)) return contentText(last.content);
  }
  const [only, ...others] = Object.values(input);
  return typeof only === "string" && others.length === 0 ? only : JSON.stringify(input, null, 1);
}

/** The text of a message, whose content may come in parts. */
export function contentText(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return content.map((part) => (isRecord(part) && typeof part.text === "string" ? part.text : "")).join("");
}
