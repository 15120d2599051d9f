import type { Item } from "@treadle/contract";
import { isRecord } from "../../../../kernel/is-record.ts";

export type Content = Pick<Item, "inputs" | "expected">;

/** The form of items if there is no example. */
const PLAIN: Content = { inputs: { question: "" }, expected: "" };
/** Other names that models give to what is expected. */
const ANSWERS = ["expected", "answer", "output", "response", "label"] as const;
/** Taken from the seed: what a model makes up of them is of no use. */
const COPIED = new Set(["tools"]);

/**
 * Converts a model's text to an item of the same shape as another: the same fields with the same types. Small errors
 * are fixed, such as missing `inputs`, a text instead of a message, or a number as text. Null if something is missing.
 */
export function fitItem(raw: unknown, like: Content = PLAIN): Content | null {
  if (!isRecord(raw)) return null;
  const given = isRecord(raw.inputs) ? raw.inputs : raw;
  const inputs: Record<string, unknown> = {};
  for (const [name, example] of Object.entries(like.inputs)) {
    const value = COPIED.has(name) ? example : fitValue(given[name] ?? lonely(raw, like), example);
    if (value === undefined) return null;
    if (value !== null || example === null) inputs[name] = value;
  }
  const name = ANSWERS.find((one) => raw[one] !== undefined && raw[one] !== null);
  const expected = fitExpected(name && raw[name], like.expected);
  return expected === undefined ? null : { inputs, expected };
}

/** The inputs as a model reads them: the text itself when there is only one. */
export function inputText(inputs: Item["inputs"]): string {
  const { tools: _, ...fields } = inputs;
  const [only, ...others] = Object.values(fields);
  return typeof only === "string" && others.length === 0 ? only : JSON.stringify(fields, null, 1);
}

export const isPair = (expected: unknown): boolean =>
  isRecord(expected) && Array.isArray(expected.chosen) && Array.isArray(expected.rejected);

/** The only field may be the whole of `inputs`, or be named otherwise. */
function lonely(raw: Record<string, unknown>, like: Content): unknown {
  if (Object.keys(like.inputs).filter((name) => !COPIED.has(name)).length !== 1) return undefined;
  return typeof raw.inputs === "string" ? raw.inputs : (raw.input ?? raw.question ?? raw.prompt ?? raw.instruction);
}

/** Undefined when it cannot be what the example is. */
function fitValue(value: unknown, example: unknown): unknown {
  if (example === null) return value ?? null;
  if (value === undefined || value === null) return undefined;
  if (isMessages(example)) return fitMessages(value);
  if (Array.isArray(example)) return Array.isArray(value) ? value : undefined;
  if (typeof example === "object") return isRecord(value) ? value : undefined;
  if (typeof example === "string") return fitText(value);
  if (typeof example === "number") return Number.isFinite(Number(value)) && value !== "" ? Number(value) : undefined;
  return typeof value === typeof example ? value : undefined;
}

function fitText(value: unknown): string | undefined {
  const text = typeof value === "string" ? value : isRecord(value) || Array.isArray(value) ? undefined : String(value);
  return text === undefined || text.trim() === "" ? undefined : text.trim();
}

function fitMessages(value: unknown): unknown {
  if (typeof value === "string") return value.trim() === "" ? undefined : [{ role: "user", content: value.trim() }];
  if (!isMessages(value) || !value.some(({ role }) => role === "user")) return undefined;
  return value.map(({ role, content }) => ({ role, content }));
}

/** An item that compares two answers to one input cannot be generated with new inputs. */
function fitExpected(value: unknown, example: unknown): unknown {
  if (example === null || example === undefined || isPair(example)) return null;
  if (!isRecord(example) || typeof example.role !== "string") return fitValue(value, example);
  const content = fitText(isRecord(value) ? value.content : value);
  return content === undefined ? undefined : { role: "assistant", content };
}

type Message = { readonly role: string; readonly content: string };
export const isMessages = (value: unknown): value is Message[] =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.every((one) => isRecord(one) && typeof one.role === "string" && typeof one.content === "string");
