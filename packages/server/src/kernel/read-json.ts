import { isRecord } from "./is-record.ts";

/** Opening and closing marks of a text in some models. */
const QUOTES: Readonly<Record<string, string>> = { '"': '"', "“": "”", "”": "”" };
const CLOSES: Readonly<Record<string, string>> = { "{": "}", "[": "]" };
const WORDS: Readonly<Record<string, string>> = { True: "true", False: "false", None: "null" };
/** Longer answers are not parsed. */
const LONGEST = 400_000;
/** A text with many unmatched brackets is abandoned. */
const MOST_VAIN = 30;
const DEEPEST = 60;

/**
 * The JSON values in a model's answer: between words, in fences, with extra commas, with bare line breaks in texts,
 * with Python's constants, or truncated. Empty if there are none.
 */
export function readJson(said: string): unknown[] {
  const text = said.slice(0, LONGEST).replace(/<think>[\s\S]*?(<\/think>|$)/g, " ");
  const values: unknown[] = [];
  let vain = 0;
  let at = 0;
  while (at < text.length && vain < MOST_VAIN) {
    const start = text.slice(at).search(/[{[]/);
    if (start < 0) break;
    const mended = mendFrom(text, at + start);
    const value = parse(mended.json);
    if (value !== undefined) values.push(value);
    else vain++;
    at = value === undefined ? at + start + 1 : mended.end;
  }
  return values;
}

/** The objects among them: of a list, of the list in an object such as `{"items": […]}`, or one for each line. */
export function readObjects(said: string): unknown[] {
  return readJson(said).flatMap((value) => {
    if (Array.isArray(value)) return value;
    if (!isRecord(value)) return [];
    const list = ["items", "questions", "examples", "data", "results"].map((name) => value[name]).find(Array.isArray);
    return list ?? [value];
  });
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

/** One value from an opening bracket on, as JSON, and where it ends. What was cut off is closed. */
function mendFrom(text: string, start: number): { json: string; end: number } {
  const open: string[] = [];
  // In pieces, so that a look at the last of them does not copy all before it.
  const json: string[] = [];
  let at = start;
  while (at < text.length) {
    const sign = text[at] ?? "";
    const quote = QUOTES[sign];
    if (quote !== undefined) {
      const string = readString(text, at + 1, quote);
      json.push(string.json);
      at = string.end;
      continue;
    }
    const close = CLOSES[sign];
    if (close !== undefined) open.push(close);
    if (open.length > DEEPEST) return { json: "", end: at };
    if (sign === "}" || sign === "]") {
      if (open.pop() !== sign) return { json: "", end: at };
      dropComma(json);
    }
    const word = /^(True|False|None)\b/.exec(text.slice(at, at + 6))?.[1];
    json.push((word && WORDS[word]) ?? sign);
    at += word ? word.length : 1;
    if (open.length === 0) return { json: json.join(""), end: at };
  }
  return { json: closed(json, open), end: at };
}

/** A text as JSON, up to its closing quote: the quote before a comma, a colon, a bracket or the end. */
function readString(text: string, start: number, quote: string): { json: string; end: number } {
  let json = '"';
  for (let at = start; at < text.length; at++) {
    const sign = text[at] ?? "";
    if (sign === "\\") {
      const escaped = text[at + 1] ?? "\\";
      json += /["\\/bfnrtu]/.test(escaped) ? `\\${escaped}` : `\\\\${escaped}`;
      at++;
    } else if (sign === quote || sign === '"') {
      if (/^\s*([,:}\]]|$)/.test(text.slice(at + 1, at + 40))) return { json: `${json}"`, end: at + 1 };
      json += '\\"';
    } else json += sign < " " ? JSON.stringify(sign).slice(1, -1) : sign;
  }
  return { json: `${json}"`, end: text.length };
}

/** Takes off a comma that nothing follows. */
function dropComma(json: string[]): void {
  const last = json.findLastIndex((piece) => piece.trim() !== "");
  if (json[last] === ",") json.length = last;
}

/** A key without a value is dropped with its comma, then everything open is closed. */
function closed(json: string[], open: readonly string[]): string {
  const [key, colon] = [
    json.findLastIndex((piece) => piece.startsWith('"')),
    json.findLastIndex((piece) => piece.trim() !== ""),
  ];
  if (json[colon] === ":" && json.slice(key + 1, colon).every((piece) => piece.trim() === "")) json.length = key;
  dropComma(json);
  return json.join("") + [...open].reverse().join("");
}
