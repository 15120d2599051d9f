import { type FilterNode, type FilterTerm, readFilterRange, type Score } from "@treadle/contract";
import { payloadText, type SpanRow } from "../rows/span-row.ts";
import { FLAGS, isNumberField, isTextField, NUMBERS, TEXT_COLUMNS } from "./filter-columns.ts";
import { withJson } from "./filter-node-sql.ts";
import { containsPattern, matchesPattern } from "./match-wildcards.ts";
import { planSearch, splitWords, toJsonPattern, wordsOf } from "./words.ts";

/** A span with the scores that are known of it and of its trace. */
type Candidate = { readonly row: SpanRow; readonly scores: readonly Score[] };

/** Whether a span matches a filter. filter-node-store.ts does the same in the store. */
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
  if (field === "attr") return isOneOf(own(row.attributes, key), withJson(values));
  if (isTextField(field)) return TEXT_COLUMNS[field].some((column) => isOneOf(row[column], values));
  return isNumberField(field) && matchesNumber(NUMBERS[field].of(row), term);
}

const own = (map: Readonly<Record<string, string>>, key: string) => (Object.hasOwn(map, key) ? (map[key] ?? "") : "");

const isOneOf = (text: string, patterns: readonly string[]) =>
  patterns.some((pattern) => matchesPattern(text, pattern));

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

/** Whether a span contains a text, as in filter-node-store.ts. */
export function matchesText(row: SpanRow, text: string): boolean {
  const search = planSearch(text);
  if (search.kind === "piece") return wordsOf(row).includes(search.piece);
  const wanted = search.kind === "word" ? [search.word] : search.words;
  const words = wanted.length > 0 ? new Set(splitWords(wordsOf(row))) : new Set();
  if (!wanted.every((word) => words.has(word))) return false;
  if (search.kind === "word") return true;
  const { pattern } = search;
  const jsonPattern = toJsonPattern(pattern);
  return (
    [row.name, row.error_message].some((found) => containsPattern(found, pattern)) ||
    [row.input, row.output].some((payload) => containsPattern(payloadText(payload), jsonPattern))
  );
}
