import { type FilterField, type FilterFieldName, type FilterLanguage, SPAN_FILTERS } from "./fields.ts";
import { FILTER_LIMITS, FILTER_OPERATORS, type FilterNode, type FilterOperator, type FilterProblem } from "./tree.ts";
import { readFilterRange } from "./values.ts";

/** Where the reading of a text stands. */
type Reader = {
  readonly text: string;
  readonly language: FilterLanguage<string>;
  at: number;
  nodes: number;
  readonly problems: FilterProblem[];
};
type Node = FilterNode<string>;
type Found = Node | null;
type Parsed<Field extends string> = {
  readonly filter: FilterNode<Field> | null;
  readonly problems: readonly FilterProblem[];
};

/** Reads a filter. An empty text is no filter; one with problems is none either, and each problem says where it is and what to do. */
export const parseFilter = (text: string): Parsed<FilterFieldName> => parseFilterOf(SPAN_FILTERS, text);

/** The same in another language. */
export function parseFilterOf<Name extends string>(language: FilterLanguage<Name>, text: string): Parsed<Name> {
  const { filter, problems } = parse({ text, language, at: 0, nodes: 0, problems: [] });
  return { filter: filter && named(filter, (name) => language.find(name)?.name), problems };
}

/** The same tree, with the fields' names as the language knows them. */
function named<Name extends string>(node: Node, find: (name: string) => Name | undefined): FilterNode<Name> {
  if (node.type === "text") return node;
  if (node.type === "not") return { type: "not", node: named(node.node, find) };
  if (node.type !== "field") return { type: node.type, nodes: node.nodes.map((each) => named(each, find)) };
  const field = find(node.field);
  if (field === undefined) throw new Error(`The filter's field ${node.field} is none of its language.`);
  return { ...node, field };
}

function parse(reader: Reader): Parsed<string> {
  const { text } = reader;
  if (text.length > FILTER_LIMITS.characters) {
    const message = `The filter is longer than ${FILTER_LIMITS.characters} characters. Make it shorter.`;
    return { filter: null, problems: [{ from: FILTER_LIMITS.characters, to: text.length, message }] };
  }
  const filter = readAny(reader, 0);
  while (reader.at < text.length) {
    // Only a parenthesis ends a filter early.
    report(reader, { from: reader.at, to: reader.at + 1 }, "There is no ( for this ). Remove it, or put it in quotes.");
    reader.at += 1;
    readAny(reader, 0);
  }
  if (reader.nodes > FILTER_LIMITS.nodes)
    report(reader, { from: 0, to: text.length }, `A filter takes ${FILTER_LIMITS.nodes} conditions. Use fewer.`);
  return { filter: reader.problems.length > 0 ? null : filter, problems: reader.problems };
}

type Place = { readonly from: number; readonly to: number };
const report = (reader: Reader, { from, to }: Place, message: string) =>
  void reader.problems.push({ from, to: Math.max(to, from + 1), message });

const WORD_END = /[\s()"]|$/;
const isKeyword = (reader: Reader, word: string) =>
  reader.text.startsWith(word, reader.at) && WORD_END.test(reader.text.charAt(reader.at + word.length));

function skipBlanks(reader: Reader): void {
  while (/\s/.test(reader.text.charAt(reader.at))) reader.at += 1;
}

/** Alternatives, with OR between them. */
function readAny(reader: Reader, depth: number): Found {
  const nodes = [readAll(reader, depth)];
  while (isKeyword(reader, "OR")) {
    const from = reader.at;
    reader.at += 2;
    const next = readAll(reader, depth);
    if (next === null || nodes.at(-1) === null)
      report(reader, { from, to: from + 2 }, 'OR needs a condition on both sides. To look for the word, write "OR".');
    nodes.push(next);
  }
  return joined("or", nodes);
}

/** Conditions one after the other, which must all hold. */
function readAll(reader: Reader, depth: number): Found {
  const nodes: Found[] = [];
  for (skipBlanks(reader); reader.at < reader.text.length; skipBlanks(reader)) {
    if (reader.text.charAt(reader.at) === ")" || isKeyword(reader, "OR")) break;
    if (isKeyword(reader, "AND")) reader.at += 3;
    else nodes.push(readOne(reader, depth));
  }
  return joined("and", nodes);
}

function joined(type: "and" | "or", found: readonly Found[]): Found {
  const nodes = found.flatMap((node) => (node === null ? [] : node.type === type ? node.nodes : [node]));
  return nodes.length > 1 ? { type, nodes } : (nodes[0] ?? null);
}

function readOne(reader: Reader, depth: number): Found {
  const from = reader.at;
  reader.nodes += 1;
  if (depth > FILTER_LIMITS.depth) {
    report(reader, { from, to: from + 1 }, `Conditions go ${FILTER_LIMITS.depth} deep. Use fewer parentheses.`);
    reader.at = reader.text.length;
    return null;
  }
  if (reader.text.charAt(from) === "-" || isKeyword(reader, "NOT")) return readNot(reader, depth);
  if (reader.text.charAt(from) === "(") return readGroup(reader, depth);
  return readTerm(reader);
}

function readNot(reader: Reader, depth: number): Found {
  const from = reader.at;
  const sign = reader.text.charAt(from) === "-" ? "-" : "NOT";
  reader.at += sign.length;
  skipBlanks(reader);
  const isLast = reader.at >= reader.text.length || reader.text.charAt(reader.at) === ")" || isKeyword(reader, "OR");
  const node = isLast ? null : readOne(reader, depth + 1);
  if (isLast)
    report(
      reader,
      { from, to: from + sign.length },
      `Behind ${sign} goes the condition that must not hold, as in -status:error. To look for it, put it in quotes.`,
    );
  return node && { type: "not", node };
}

function readGroup(reader: Reader, depth: number): Found {
  const from = reader.at;
  reader.at += 1;
  const node = readAny(reader, depth + 1);
  if (reader.text.charAt(reader.at) === ")") reader.at += 1;
  else report(reader, { from, to: from + 1 }, "This ( is never closed. Add a ) where it ends.");
  return node;
}

/** The longest run from here without characters that end it. */
function readRun(reader: Reader, ends: RegExp): string {
  const from = reader.at;
  while (reader.at < reader.text.length && !ends.test(reader.text.charAt(reader.at))) reader.at += 1;
  return reader.text.slice(from, reader.at);
}

function readTerm(reader: Reader): Found {
  const from = reader.at;
  if (reader.text.charAt(from) === '"') return textNode(reader, readQuoted(reader), from);
  let name = readRun(reader, /[\s()":<>=!]/);
  let quotedKey: string | null = null;
  if (name.endsWith(".") && reader.text.charAt(reader.at) === '"') {
    name = name.slice(0, -1);
    quotedKey = readQuoted(reader).replaceAll(/\\([\\*])/g, "$1");
  }
  const operator = readOperator(reader);
  if (operator === null && quotedKey === null) {
    const rest = readRun(reader, /[\s()"]/);
    return textNode(reader, canonical(name + rest), from);
  }
  const values = operator === null ? null : readValues(reader);
  const place = { from, to: reader.at };
  if (values === null || operator === null) {
    report(reader, place, "The key must be followed by a comparison, such as : or >.");
    return null;
  }
  return fieldNode(reader, place, { name, quotedKey, operator, values });
}

function textNode(reader: Reader, text: string, from: number): Found {
  if (text !== "" && !/^\*+$/.test(text)) return { type: "text", text };
  report(reader, { from, to: reader.at }, "There is nothing to look for here. Write a word, or remove it.");
  if (reader.at === from) reader.at += 1;
  return null;
}

function readOperator(reader: Reader): FilterOperator | null {
  const found = FILTER_OPERATORS.find((operator) => reader.text.startsWith(operator, reader.at));
  if (found) reader.at += found.length;
  else if (reader.text.charAt(reader.at) === "=") reader.at += 1;
  else return null;
  return found ?? ":";
}

type Value = { readonly text: string; readonly isQuoted: boolean };

function readValues(reader: Reader): Value[] {
  const values: Value[] = [];
  do {
    if (values.length > 0) reader.at += 1;
    const isQuoted = reader.text.charAt(reader.at) === '"';
    values.push({ text: isQuoted ? readQuoted(reader) : canonical(readRun(reader, /[\s,()"]/)), isQuoted });
  } while (reader.text.charAt(reader.at) === ",");
  return values;
}

/** The text in quotes, as a pattern. `\"` is a quotation mark. */
function readQuoted(reader: Reader): string {
  const from = reader.at;
  const quoted = /"((?:[^"\\]|\\.|\\(?=$))*)("?)/sy;
  quoted.lastIndex = from;
  const [all = '"', inside = "", end = ""] = quoted.exec(reader.text) ?? [];
  reader.at += all.length;
  if (end === "")
    report(reader, { from, to: reader.at }, 'This quotation mark is never closed. Add a " where the text ends.');
  return canonical(inside.replaceAll('\\"', '"'));
}

/** With each backslash that stands for itself doubled, so that a pattern has one way to be written. */
const canonical = (pattern: string) =>
  pattern.replaceAll(/\\[*\\]|\\/g, (found) => (found.length === 2 ? found : "\\\\"));

type Term = {
  readonly name: string;
  readonly quotedKey: string | null;
  readonly operator: FilterOperator;
  readonly values: readonly Value[];
};

function fieldNode(reader: Reader, place: Place, { name, quotedKey, operator, values }: Term): Found {
  const point = name.indexOf(".");
  const key = quotedKey ?? (point < 0 ? "" : name.slice(point + 1));
  const field = reader.language.find(point < 0 ? name : name.slice(0, point));
  const problem = field ? findProblem(reader, field, { key, operator, values }) : describeUnknown(reader, name);
  if (problem !== null) report(reader, place, problem);
  if (problem !== null || !field) return null;
  return { type: "field", field: field.name, key, operator, values: values.map(({ text }) => text) };
}

function describeUnknown({ language: { fields, hint: more } }: Reader, name: string): string {
  const close = fields.find((field) => field.name.startsWith(name.slice(0, 3).toLowerCase()) && name.length > 2);
  const hint = close ? `Did you mean ${close.name}?` : `There are ${fields.map((field) => field.name).join(", ")}.`;
  return `There is no field "${name.slice(0, 60)}". ${hint} ${more}`;
}

type Comparison = Omit<Term, "name" | "quotedKey"> & { readonly key: string };

/** What is wrong with a condition, or null. */
function findProblem({ language }: Reader, field: FilterField, term: Comparison): string | null {
  const { key, operator, values } = term;
  const { name, kind } = field;
  const example = field.isKeyed ? `${name}.KEY` : name;
  if (field.isKeyed && !field.isKeyOptional && key === "") return `${name} needs a key, as in ${example}${operator}…`;
  if (!field.isKeyed && key !== "")
    return `${name} has no keys. Write ${name}${operator}… or, ${language.keyed(`${name}.${key}`)}.`;
  if (values.some(({ text, isQuoted }) => text === "" && !isQuoted))
    return `${example}${operator} needs a value. For the empty one write "".`;
  if (values.length > FILTER_LIMITS.values) return `A condition takes ${FILTER_LIMITS.values} values. Use fewer.`;
  if (kind === "text" || kind === "choice") return findTextProblem(field, term);
  return findNumberProblem(field, term);
}

function findTextProblem({ name, choices }: FilterField, { operator, values }: Comparison): string | null {
  if (operator !== ":" && operator !== "!=") return `${name} is compared with : or !=, since it is no number.`;
  const wrong = choices && values.find(({ text }) => !choices.includes(text));
  return wrong ? `${name} is one of ${choices?.join(", ")}, not "${wrong.text.slice(0, 60)}".` : null;
}

const EXAMPLES: Readonly<Record<"number" | "duration" | "money" | "score", string>> = {
  number: "a number such as 100, 1.5k or 100..500",
  duration: "a time such as 300ms, 2s, 1.5m or 1s..5s",
  money: "an amount such as 0.05 or 0.01..0.10",
  score: "a number such as 0.5 or 0.2..0.8",
};

function findNumberProblem({ name, kind }: FilterField, { operator, values }: Comparison): string | null {
  if (kind === "text" || kind === "choice") return null;
  const isEquality = operator === ":" || operator === "!=";
  if (!isEquality && values.length > 1) return `${operator} takes one value. Use ${name}: for several.`;
  if (isEquality && kind === "score") return null;
  const wrong = values.find(({ text }) => readFilterRange(kind, text) === null);
  if (wrong) return `${name} needs ${EXAMPLES[kind]}, not "${wrong.text.slice(0, 60)}".`;
  const isRange = values.some(({ text }) => text.includes(".."));
  return !isEquality && isRange ? `A range stands behind a colon: ${name}:${values[0]?.text}.` : null;
}
