import { type FilterNode, type FilterTerm, readFilterRange, type Score, splitFilterPattern } from "@treadle/contract";
import { FLAGS, isNumberField, isTextField, NUMBERS, TEXT_COLUMNS } from "./filter-columns.ts";
import { payloadText, type SpanRow } from "./span-row.ts";

/** A span with the scores that are known of it and of its trace. */
type Candidate = { readonly row: SpanRow; readonly scores: readonly Score[] };

/** Whether a span is kept by the conditions of a filter; filter-sql.ts asks the store the same. */
export function matchesTree(candidate: Candidate, filter: FilterNode | null): boolean {
  if (filter === null) return true;
  switch (filter.type) {
    case "and":
      return filter.nodes.every((node) => matchesTree(candidate, node));
    case "or":
      return filter.nodes.some((node) => matchesTree(candidate, node));
    case "not":
      return !matchesTree(candidate, filter.node);
    case "text":
      return matchesText(candidate.row, filter.text);
    case "field":
      return matchesTerm(candidate, filter) === (filter.operator !== "!=");
  }
}

function matchesTerm({ row, scores }: Candidate, term: FilterTerm): boolean {
  const { field, key, values } = term;
  if (field === "has" || field === "is")
    return values.some((value) => FLAGS[`${field}:${value}`]?.of(row) ?? scores.length > 0);
  if (field === "tag") return row.tags.some((tag) => isOneOf(tag, values));
  if (field === "score") return scores.some((score) => score.name === key && matchesScore(score, term));
  if (field === "metadata") return isOneOf(own(row.metadata, key), values);
  if (field === "attr")
    return isOneOf(own(row.attributes, key), [...values, ...values.map((value) => JSON.stringify(value))]);
  if (isTextField(field)) return TEXT_COLUMNS[field].some((column) => isOneOf(row[column], values));
  return isNumberField(field) && matchesNumber(NUMBERS[field].of(row), term);
}

const own = (map: Readonly<Record<string, string>>, key: string) => (Object.hasOwn(map, key) ? (map[key] ?? "") : "");

const isOneOf = (text: string, patterns: readonly string[]) =>
  patterns.some((pattern) => toRegExp(pattern, "^$").test(text));

/** A pattern as a regular expression: of the whole text, or of a part of it. */
function toRegExp(pattern: string, part: "^$" | "i"): RegExp {
  const inner = splitFilterPattern(pattern)
    .map((text) => text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, "\\$&"))
    .join(".*");
  return part === "i" ? new RegExp(inner, "is") : new RegExp(`^${inner}$`, "s");
}

function matchesNumber(found: number | null, { field, operator, values }: FilterTerm): boolean {
  const kind = field === "latency" || field === "ttft" ? "duration" : field === "cost" ? "money" : "number";
  if (found === null) return false;
  return values.some((value) => {
    const range = readFilterRange(kind, value);
    if (range === null) return false;
    switch (operator) {
      case ">":
        return found > range.min;
      case ">=":
        return found >= range.min;
      case "<":
        return found < range.min;
      case "<=":
        return found <= range.min;
      default:
        return found >= range.min && found <= range.max;
    }
  });
}

function matchesScore(score: Score, term: FilterTerm): boolean {
  const isEquality = term.operator === ":" || term.operator === "!=";
  return matchesNumber(score.value, term) || (isEquality && isOneOf(score.label, term.values));
}

function matchesText(row: SpanRow, text: string): boolean {
  const texts = [row.name, row.error_message, row.input_preview, row.output_preview];
  const wanted = toRegExp(text, "i");
  const wantedJson = toRegExp(JSON.stringify(text).slice(1, -1), "i");
  return (
    texts.some((found) => wanted.test(found)) ||
    [row.input, row.output].some((payload) => wantedJson.test(payloadText(payload)))
  );
}
