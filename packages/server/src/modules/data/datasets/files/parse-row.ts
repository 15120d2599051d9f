import { isUtf8 } from "node:buffer";
import { isRecord } from "../../../../kernel/is-record.ts";
import { scanJson } from "../../../../kernel/scan-json.ts";
import { badRow, type FileRow, goodRow, type Problem, pointerStep } from "./row.ts";

const MIB = 1024 * 1024;

export const tooLong = (line: number, maxBytes: number) =>
  badRow(line, `The row is longer than the limit of ${Math.round(maxBytes / MIB) || 1} MiB. Remove or shorten it.`);

/** Why the bytes cannot be stored as text; null when they can. */
export function textProblem(bytes: Buffer): string | null {
  if (!isUtf8(bytes))
    return `The row is not valid UTF-8: see byte ${firstBroken(bytes) + 1} of the line. Save the file as UTF-8.`;
  const nul = bytes.indexOf(0);
  return nul === -1 ? null : `Byte ${nul + 1} of the line is NUL (U+0000), which is not allowed in text. Remove it.`;
}

/** The place of the first byte that begins no UTF-8 character, by halving: what is before a character's end is valid. */
function firstBroken(bytes: Buffer): number {
  let [low, high] = [0, bytes.length];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (isUtf8(bytes.subarray(0, endOfCharacter(bytes, middle)))) low = middle;
    else high = middle - 1;
  }
  return low;
}

function endOfCharacter(bytes: Buffer, place: number): number {
  let end = place;
  while (end < bytes.length && end - place < 3 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end++;
  return end;
}

/** Reads the JSON object of a line. `isSound`: the bytes are known to be UTF-8 without NUL. */
export function parseRow(line: number, bytes: Buffer, isSound = false): FileRow {
  const unreadable = isSound ? null : textProblem(bytes);
  if (unreadable !== null) return badRow(line, unreadable);
  const { value, problem } = parseJson(bytes);
  if (problem !== null) return { line, row: null, problem };
  if (isRecord(value)) return goodRow(line, value);
  return badRow(line, `The row is ${nameOf(value)}, not a JSON object. Write each row as {"key": value}.`);
}

type Parsed = { readonly value: unknown; readonly problem: null } | { readonly value: null; readonly problem: Problem };

const failed = (message: string): Parsed => ({ value: null, problem: { pointer: "", message } });

/** A value of JSON that any store can keep: neither nested nor large without bound, and its texts are sound. */
export function parseJson(bytes: Buffer): Parsed {
  const unbounded = scanJson(bytes);
  if (unbounded !== null) return failed(unbounded);
  const text = bytes.toString();
  try {
    const value: unknown = JSON.parse(text);
    const isPlain = !text.includes("\\u") && !text.includes("__proto__");
    const problem = isPlain ? null : unsoundText(value, "");
    return problem === null ? { value, problem } : { value: null, problem };
  } catch (cause) {
    return failed(jsonProblem(cause, text));
  }
}

function jsonProblem(cause: unknown, text: string): string {
  const place = Number(/position (\d+)/.exec(cause instanceof Error ? cause.message : "")?.[1] ?? Number.NaN);
  if (Number.isNaN(place) || place >= text.length)
    return "The row is not valid JSON: it ends too soon, or a quote or bracket is missing.";
  const near = text.slice(Math.max(0, place - 10), place + 20);
  return `The row is not valid JSON: look at character ${place + 1}, near ${JSON.stringify(near)}.`;
}

const nameOf = (value: unknown) =>
  value === null
    ? "null"
    : Array.isArray(value)
      ? "an array"
      : `a ${typeof value === "object" ? "value" : typeof value}`;

/** The first text in a value that no store accepts: NUL, half a surrogate pair, or the key `__proto__`. */
function unsoundText(value: unknown, pointer: string): Problem | null {
  if (typeof value === "string") return unsoundString(value, pointer);
  if (typeof value !== "object" || value === null) return null;
  for (const [key, child] of Object.entries(value)) {
    const at = pointer + pointerStep(key);
    if (key === "__proto__") return { pointer, message: "The key __proto__ is not allowed. Rename it." };
    const problem = unsoundString(key, at) ?? unsoundText(child, at);
    if (problem) return problem;
  }
  return null;
}

function unsoundString(text: string, pointer: string): Problem | null {
  if (text.includes("\0"))
    return { pointer, message: "The text contains NUL (\\u0000), which is not allowed in text. Remove it." };
  if (text.isWellFormed()) return null;
  return {
    pointer,
    message: "The text contains half of a surrogate pair, such as a cut emoji. Remove or complete it.",
  };
}
