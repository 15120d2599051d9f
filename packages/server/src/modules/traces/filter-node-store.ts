import { escapeFilterValue, type FilterNode, type FilterTerm, readFilterRange } from "@treadle/contract";
import { FLAGS, isNumberField, isTextField, NUMBERS, TEXT_COLUMNS } from "./filter-columns.ts";
import { scoresOf } from "./judgement-store.ts";
import { anyOf, type Bind, isOneOf, likeOf, sortValues } from "./match-text-store.ts";
import { planSearch, toJsonPattern } from "./words.ts";

/** Conditions for a WHERE, and the values the engine binds to them. */
export type Where = { readonly sql: string; readonly params: Readonly<Record<string, unknown>> };

/**
 * The conditions of a filter. Each is true or false and never null, so that `not` is what people take it for.
 * filter-match.ts says the same of a span in memory. Wants `{projectId:String}` to be bound.
 */
export function compileFilter(filter: FilterNode | null): Where {
  const params: Record<string, unknown> = {};
  const bind: Bind = (type, value) => {
    const name = `filter${Object.keys(params).length}`;
    params[name] = value;
    return `{${name}:${type}}`;
  };
  return { sql: filter === null ? "true" : compileNode(filter, bind), params };
}

function compileNode(node: FilterNode, bind: Bind): string {
  switch (node.type) {
    case "and":
    case "or":
      return `(${node.nodes.map((each) => compileNode(each, bind)).join(` ${node.type.toUpperCase()} `)})`;
    case "not":
      return `NOT ${compileNode(node.node, bind)}`;
    case "text":
      return compileText(node.text, bind);
    case "field":
      return node.operator === "!=" ? `NOT ${compileTerm(node, bind)}` : compileTerm(node, bind);
  }
}

/** A condition with `!=` is compiled as if it said `:`. */
function compileTerm(term: FilterTerm, bind: Bind): string {
  const { field, key, values } = term;
  if (field === "has" || field === "is") return anyOf(values.map((value) => compileFlag(`${field}:${value}`)));
  if (field === "tag") return compileTag(values, bind);
  if (field === "score") return compileScore(term, bind);
  if (field === "metadata") return isOneOf(`metadata[${bind("String", key)}]`, values, bind);
  if (field === "attr") return isOneOf(`attributes[${bind("String", key)}]`, withJson(values), bind);
  if (isTextField(field)) return anyOf(TEXT_COLUMNS[field].map((column) => isOneOf(column, values, bind)));
  if (isNumberField(field)) return `ifNull(${compareNumber(NUMBERS[field].sql, term, bind)}, false)`;
  throw new Error(`The filter's field ${field} has no column.`);
}

/** With the same as JSON text: that is how an attribute is kept which could be taken for JSON. */
export const withJson = (values: readonly string[]) => [
  ...values,
  ...values.map((value) => `"${toJsonPattern(value)}"`),
];

function compileTag(values: readonly string[], bind: Bind): string {
  const { plain, patterns } = sortValues(values);
  return anyOf([
    ...(plain.length > 0 ? [`hasAny(tags, ${bind("Array(String)", plain)})`] : []),
    ...patterns.map((pattern) => `arrayExists(tag -> tag LIKE ${bind("String", likeOf(pattern))}, tags)`),
  ]);
}

function compareNumber(sql: string, { field, operator, values }: FilterTerm, bind: Bind): string {
  const kind = field === "latency" || field === "ttft" ? "duration" : field === "cost" ? "money" : "number";
  const ranges = values.flatMap((value) => readFilterRange(kind, value) ?? []);
  if (operator !== ":" && operator !== "!=")
    return anyOf(ranges.map(({ min }) => `${sql} ${operator} ${bind("Float64", min)}`));
  if (ranges.length === 0) return "false";
  return anyOf(
    ranges.map(({ min, max }) => {
      if (min === max) return `${sql} = ${bind("Float64", min)}`;
      const ends = [
        ...(Number.isFinite(min) ? [`${sql} >= ${bind("Float64", min)}`] : []),
        ...(Number.isFinite(max) ? [`${sql} <= ${bind("Float64", max)}`] : []),
      ];
      return `(${ends.join(" AND ")})`;
    }),
  );
}

const compileFlag = (flag: string): string => FLAGS[flag]?.sql ?? hasScore("true");

/** The span's own scores, or those of its whole trace. */
const hasScore = (condition: string, named = "true") => {
  const scores = `FROM ${scoresOf({ where: named })} WHERE ${condition}`;
  return `(trace_id IN (SELECT trace_id ${scores} AND span_id = '') OR (trace_id, span_id) IN (SELECT trace_id, span_id ${scores} AND span_id != ''))`;
};

function compileScore(term: FilterTerm, bind: Bind): string {
  const { key, operator, values } = term;
  const isNumber = `ifNull(${compareNumber("value", term, bind)}, false)`;
  const isEquality = operator === ":" || operator === "!=";
  const condition = isEquality ? `(${isNumber} OR ${isOneOf("label", values, bind)})` : isNumber;
  return hasScore(condition, `name = ${bind("String", key)}`);
}

/** A text that is looked for in names, errors and payloads. Of one word or a piece of one the index of words knows all. */
export function compileText(text: string, bind: Bind): string {
  const search = planSearch(text);
  if (search.kind === "word") return `hasAllTokens(words, ${bind("Array(String)", [search.word])})`;
  if (search.kind === "piece") return `words LIKE ${bind("String", `%${likeOf(escapeFilterValue(search.piece))}%`)}`;
  const pattern = bind("String", `%${likeOf(search.pattern)}%`);
  // The payloads are kept as JSON, so there the text is looked for as JSON writes it.
  const jsonPattern = bind("String", `%${likeOf(toJsonPattern(search.pattern))}%`);
  const found = anyOf([
    ...["name", "error_message"].map((column) => `${column} ILIKE ${pattern}`),
    ...["input", "output"].map((column) => `${column} ILIKE ${jsonPattern}`),
  ]);
  if (search.words.length === 0) return found;
  return `(hasAllTokens(words, ${bind("Array(String)", search.words)}) AND ${found})`;
}
