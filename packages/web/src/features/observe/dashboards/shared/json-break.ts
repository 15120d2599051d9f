/** The position at which a text is no longer JSON, and the expected character. */
export type JsonBreak = { readonly line: number; readonly column: number; readonly expected: string };

type Fault = { readonly at: number; readonly expected: string };
type Step = { readonly next: number } | Fault;

// Only the control characters up to the blank are forbidden in a text.
const STRING = /"(?:[^"\\\p{Cc}]|[\u007f-\u009f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"/uy;
const PLAIN = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.])/y;
const BLANK = /[ \t\n\r]*/y;

/** The first syntax error of a JSON text, worded the same in every browser; undefined when the text is valid. */
export function findJsonBreak(text: string): JsonBreak | undefined {
  const whole = readValue(text, 0);
  const end = "next" in whole ? skip(text, whole.next) : 0;
  const fault = "next" in whole ? { at: end, expected: "the end of the text" } : whole;
  if ("next" in whole && end === text.length) return undefined;
  const before = text.slice(0, fault.at).split("\n");
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1, expected: fault.expected };
}

function match(pattern: RegExp, text: string, from: number): number | undefined {
  pattern.lastIndex = from;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}
const skip = (text: string, from: number) => match(BLANK, text, from) ?? from;

function readValue(text: string, from: number): Step {
  const at = skip(text, from);
  if (text[at] === "{") return readList(text, at, { close: "}", readItem: readEntry, item: "a name in quotes" });
  if (text[at] === "[") return readList(text, at, { close: "]", readItem: readValue, item: "a value" });
  const next = match(STRING, text, at) ?? match(PLAIN, text, at);
  if (next !== undefined) return { next };
  return { at, expected: text[at] === '"' ? "a string that ends on the same line" : "a value" };
}

function readEntry(text: string, from: number): Step {
  const at = skip(text, from);
  const name = match(STRING, text, at);
  if (name === undefined) return { at, expected: "a name in quotes" };
  const colon = skip(text, name);
  return text[colon] === ":" ? readValue(text, colon + 1) : { at: colon, expected: "a colon" };
}

type Kind = { close: "}" | "]"; readItem: (text: string, from: number) => Step; item: string };

function readList(text: string, open: number, { close, readItem, item }: Kind): Step {
  let at = skip(text, open + 1);
  if (text[at] === close) return { next: at + 1 };
  for (;;) {
    const read = readItem(text, at);
    if (!("next" in read)) return read;
    at = skip(text, read.next);
    if (text[at] === close) return { next: at + 1 };
    if (text[at] !== ",") return { at, expected: `a comma or ${close}` };
    at = skip(text, at + 1);
    if (text[at] === close) return { at, expected: `${item} after the comma` };
  }
}
