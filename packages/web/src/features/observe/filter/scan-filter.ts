/** A range of a filter's text; the end is exclusive. */
export type Stretch = { readonly from: number; readonly to: number };

/** A condition as it is written: `-model:a,"b c"`, `latency>2s`, `refund`. */
export type Term = Stretch & {
  readonly type: "term";
  readonly isNegated: boolean;
  /** Null for a word that is looked for in the text. */
  readonly field: Stretch | null;
  readonly operator: Stretch | null;
  readonly values: readonly Stretch[];
};
export type Part = Term | (Stretch & { readonly type: "joiner" | "open" | "close" | "minus" });

const SPACE = /\s+/y;
const FIELD = /([A-Za-z_]\w*(?:\.(?:"(?:[^"\\]|\\.)*"|[^\s:<>=!"(),]+))?)(!=|>=|<=|:|>|<|=)/y;
const QUOTED = /"(?:[^"\\]|\\.)*"?/y;
const BARE_VALUE = /[^\s,()"]+/y;
const BARE_WORD = /[^\s()"]+/y;
const JOINER = /(?:AND|OR|NOT)(?=[\s(]|$)/y;

function lengthAt(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0].length ?? 0;
}

/**
 * What a filter is made of, for colours, chips and completion. It takes any text: what is wrong in it is
 * `parseFilter`'s to say.
 */
export function scanFilter(text: string): readonly Part[] {
  const parts: Part[] = [];
  let at = 0;
  while (at < text.length) {
    at += lengthAt(SPACE, text, at);
    if (at >= text.length) break;
    const part = partAt(text, at);
    parts.push(part);
    at = part.to;
  }
  return parts;
}

function partAt(text: string, from: number): Part {
  const first = text[from];
  if (first === "(") return { type: "open", from, to: from + 1 };
  if (first === ")") return { type: "close", from, to: from + 1 };
  if (first === "-" && text[from + 1] === "(") return { type: "minus", from, to: from + 1 };
  const joiner = lengthAt(JOINER, text, from);
  return joiner > 0 ? { type: "joiner", from, to: from + joiner } : termAt(text, from);
}

function termAt(text: string, from: number): Term {
  const isNegated = text[from] === "-" && /[^\s)]/.test(text[from + 1] ?? "");
  const start = from + (isNegated ? 1 : 0);
  FIELD.lastIndex = start;
  const [whole = "", name = ""] = FIELD.exec(text) ?? [];
  if (whole === "") {
    const to = start + Math.max(1, lengthAt(QUOTED, text, start) || lengthAt(BARE_WORD, text, start));
    return { type: "term", from, to, isNegated, field: null, operator: null, values: [{ from: start, to }] };
  }
  const field = { from: start, to: start + name.length };
  const operator = { from: field.to, to: start + whole.length };
  const values = valuesAt(text, operator.to);
  return { type: "term", from, to: values.at(-1)?.to ?? operator.to, isNegated, field, operator, values };
}

/** Values separated by commas. A value that is not written yet has length 0. */
function valuesAt(text: string, start: number): readonly Stretch[] {
  const values: Stretch[] = [];
  let from = start;
  for (;;) {
    const to = from + (lengthAt(QUOTED, text, from) || lengthAt(BARE_VALUE, text, from));
    values.push({ from, to });
    if (text[to] !== ",") return values;
    from = to + 1;
  }
}

/**
 * What a person sees as one condition each: the terms and brackets that all have to hold. An `OR` at the top makes the
 * whole one.
 */
export function conditionsOf(text: string): readonly Stretch[] {
  const parts = scanFilter(text);
  const conditions: Stretch[] = [];
  let depth = 0;
  let from: number | undefined;
  for (const part of parts) {
    const isTop = depth === 0;
    if (part.type === "open") depth += 1;
    if (part.type === "close") depth = Math.max(0, depth - 1);
    const word = text.slice(part.from, part.to);
    if (isTop && word === "OR") return wholeOf(parts);
    if (isTop && word === "AND") continue;
    from ??= part.from;
    if (depth > 0 || word === "NOT" || part.type === "minus") continue;
    conditions.push({ from, to: part.to });
    from = undefined;
  }
  const last = parts.at(-1);
  return from !== undefined && last ? [...conditions, { from, to: last.to }] : conditions;
}

function wholeOf(parts: readonly Part[]): readonly Stretch[] {
  const [first, last] = [parts[0], parts.at(-1)];
  return first && last ? [{ from: first.from, to: last.to }] : [];
}

export type Tone = "field" | "operator" | "value" | "joiner" | "text" | "space";

/** The whole text cut into pieces of one colour each, in order and without a gap. */
export function tonesOf(text: string): readonly (Stretch & { tone: Tone })[] {
  const marks = scanFilter(text).flatMap((part): (Stretch & { tone: Tone })[] => {
    if (part.type !== "term") return [{ from: part.from, to: part.to, tone: "joiner" }];
    const { from, field, operator, values, isNegated } = part;
    const minus = isNegated ? [{ from, to: from + 1, tone: "joiner" as const }] : [];
    if (!field || !operator) return [...minus, ...values.map((value) => ({ ...value, tone: "text" as const }))];
    return [
      ...minus,
      { ...field, tone: "field" },
      { ...operator, tone: "operator" },
      ...values.map((value) => ({ ...value, tone: "value" as const })),
    ];
  });
  return withGaps(
    text,
    marks.filter(({ from, to }) => to > from),
  );
}

function withGaps(text: string, marks: readonly (Stretch & { tone: Tone })[]) {
  const all: (Stretch & { tone: Tone })[] = [];
  let at = 0;
  for (const mark of marks) {
    if (mark.from > at) all.push({ from: at, to: mark.from, tone: "space" });
    all.push(mark);
    at = mark.to;
  }
  if (at < text.length) all.push({ from: at, to: text.length, tone: "space" });
  return all;
}
