import type { PathStep, Shape } from "../shapes/shape.ts";

/** A text or a number in a line of JSON; a text without its quotes. `isId` marks the row's id. */
export type Hole = {
  readonly start: number;
  readonly end: number;
  readonly isText: boolean;
  readonly isId: boolean;
};
type Passes = NonNullable<Shape["passes"]>;
type Search = { readonly text: string; readonly passes: Passes; readonly path: PathStep[]; readonly holes: Hole[] };

const BLANKS = /[ \t\r\n]*/y;
const SCALAR = /[^,\]}\s]+/y;
const TEXT = /"(?:[^"\\]|\\.)*"/y;

/** The texts and numbers of a row that its shape passes on. `text`: an object as JSON that has been parsed, so that it is known to be sound. */
export function findHoles(text: string, passes: Passes): Hole[] {
  const search: Search = { text, passes, path: [], holes: [] };
  readValue(search, 0);
  return search.holes;
}

function endOf(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}

/** Gives the place behind the value. */
function readValue(search: Search, from: number): number {
  const { text } = search;
  const at = endOf(BLANKS, text, from);
  if (text[at] === "{") return readMembers(search, at, "}");
  if (text[at] === "[") return readMembers(search, at, "]");
  const isText = text[at] === '"';
  const end = endOf(isText ? TEXT : SCALAR, text, at);
  const passed = isText || /[-\d]/.test(text[at] ?? "") ? search.passes(search.path) : null;
  const [start, stop] = isText ? [at + 1, end - 1] : [at, end];
  if (passed !== null) search.holes.push({ start, end: stop, isText, isId: passed === "id" });
  return end;
}

function readMembers(search: Search, from: number, close: "}" | "]"): number {
  const { text, path } = search;
  let at = endOf(BLANKS, text, from + 1);
  for (let place = 0; text[at] !== close && at < text.length; place++) {
    let step: PathStep = place;
    if (close === "}") {
      const end = endOf(TEXT, text, at);
      step = String(JSON.parse(text.slice(at, end)));
      at = endOf(BLANKS, text, end) + 1;
    }
    path.push(step);
    at = endOf(BLANKS, text, readValue(search, at));
    path.pop();
    if (text[at] === ",") at = endOf(BLANKS, text, at + 1);
  }
  return at + 1;
}
