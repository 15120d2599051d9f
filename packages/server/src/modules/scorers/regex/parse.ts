import { AppError } from "../../../kernel/errors.ts";

/** A pattern as a tree. An `atom` is matched by one code point, and is kept in JavaScript's own words. */
export type RegexNode =
  | { readonly kind: "atom"; readonly source: string }
  | { readonly kind: "assert"; readonly at: Assertion }
  | { readonly kind: "sequence"; readonly parts: readonly RegexNode[] }
  | { readonly kind: "choice"; readonly options: readonly RegexNode[] }
  | { readonly kind: "group"; readonly inner: RegexNode; readonly place: number }
  | {
      readonly kind: "repeat";
      readonly inner: RegexNode;
      readonly least: number;
      readonly most: number | null;
      readonly isGreedy: boolean;
    };
export type Assertion = "start" | "end" | "boundary" | "no-boundary";

const MOST_REPEATS = 1_000;
const DEEPEST = 60;
const ESCAPE = /^\\(?:[pP]\{[\w=-]{1,60}\}|u\{[0-9a-fA-F]{1,6}\}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|c[A-Za-z]|[\s\S])/u;
const COUNT = /^\{(\d{1,5})(,(\d{0,5}))?\}/;

export const refuse = (pattern: string, why: string) =>
  new AppError("unprocessable", {
    message: `The regular expression "${pattern.slice(0, 80)}" cannot be used: ${why}.`,
    details: { param: "pattern" },
  });

/** Reads a pattern piece by piece. */
function createCursor(pattern: string) {
  let at = 0;
  const fail = (why: string) => refuse(pattern, `${why}, at ${at + 1}`);
  function take(source: string): string {
    at += source.length;
    return source;
  }
  return {
    fail,
    take,
    sign: () => pattern[at],
    rest: () => pattern.slice(at),
    isAtEnd: () => at >= pattern.length,

    count(): { least: number; most: number | null } | null {
      const sign = pattern[at];
      if (sign === "*" || sign === "+" || sign === "?") {
        take(sign);
        return { least: sign === "+" ? 1 : 0, most: sign === "?" ? 1 : null };
      }
      const found = COUNT.exec(pattern.slice(at));
      if (!found) return null;
      take(found[0]);
      const least = Number(found[1]);
      const most = found[2] === undefined ? least : found[3] === "" ? null : Number(found[3]);
      if (Math.max(least, most ?? 0) > MOST_REPEATS) throw fail(`at most ${MOST_REPEATS} repetitions are counted`);
      if (most !== null && most < least) throw fail("the numbers of a repetition are out of order");
      return { least, most };
    },
    bracket(): RegexNode {
      let end = at + 1;
      while (end < pattern.length && pattern[end] !== "]") end += pattern[end] === "\\" ? 2 : 1;
      if (end >= pattern.length) throw fail("a class of characters is not closed");
      return { kind: "atom", source: take(pattern.slice(at, end + 1)) };
    },
    escaped(): RegexNode {
      const [source = "\\"] = ESCAPE.exec(pattern.slice(at)) ?? [];
      if (/^\\[1-9k]/.test(source)) throw fail("back-references are not known here");
      if (source === "\\") throw fail("a backslash ends the pattern");
      take(source);
      if (source === "\\b") return { kind: "assert", at: "boundary" };
      if (source === "\\B") return { kind: "assert", at: "no-boundary" };
      return { kind: "atom", source };
    },
    plain(): RegexNode {
      const sign = pattern[at] ?? "";
      if ("*+?{}])".includes(sign)) throw fail(`"${sign}" stands alone; write "\\${sign}"`);
      const point = take(String.fromCodePoint(pattern.codePointAt(at) ?? 0));
      if (point === "^") return { kind: "assert", at: "start" };
      if (point === "$") return { kind: "assert", at: "end" };
      return { kind: "atom", source: point === "/" ? "\\/" : point };
    },
  };
}

/** Throws `unprocessable` for what is no pattern, and for look-around and back-references. */
export function parseRegex(pattern: string): { tree: RegexNode; groups: number } {
  const cursor = createCursor(pattern);
  let groups = 0;

  function choice(depth: number): RegexNode {
    if (depth > DEEPEST) throw cursor.fail(`groups are nested more than ${DEEPEST} deep`);
    const first = sequence(depth);
    const options = [first];
    while (cursor.sign() === "|") {
      cursor.take("|");
      options.push(sequence(depth));
    }
    return options.length === 1 ? first : { kind: "choice", options };
  }
  function sequence(depth: number): RegexNode {
    const parts: RegexNode[] = [];
    while (!cursor.isAtEnd() && cursor.sign() !== "|" && cursor.sign() !== ")") parts.push(repeated(depth));
    return { kind: "sequence", parts };
  }
  function repeated(depth: number): RegexNode {
    const inner = one(depth);
    const count = cursor.count();
    if (count === null) return inner;
    if (inner.kind === "assert") throw cursor.fail("nothing can be repeated there");
    const isGreedy = cursor.sign() !== "?";
    if (!isGreedy) cursor.take("?");
    return { kind: "repeat", inner, ...count, isGreedy };
  }
  function one(depth: number): RegexNode {
    if (cursor.sign() === "(") return group(depth);
    if (cursor.sign() === "[") return cursor.bracket();
    return cursor.sign() === "\\" ? cursor.escaped() : cursor.plain();
  }
  function group(depth: number): RegexNode {
    const opening = /^\((\?:|\?<(?![=!])[A-Za-z_]\w{0,60}>|\?)?/.exec(cursor.rest());
    const form = opening?.[1] ?? "";
    if (form === "?") throw cursor.fail("look-around and flags within groups are not known here");
    cursor.take(opening?.[0] ?? "(");
    const place = form === "?:" ? 0 : ++groups;
    const inner = choice(depth + 1);
    if (cursor.sign() !== ")") throw cursor.fail("a group is not closed");
    cursor.take(")");
    return place === 0 ? inner : { kind: "group", inner, place };
  }

  const tree = choice(0);
  if (!cursor.isAtEnd()) throw cursor.fail("a bracket closes what was not opened");
  return { tree, groups };
}
