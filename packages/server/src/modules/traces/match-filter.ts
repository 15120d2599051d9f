import { type FilterNode, parseFilter, type Score, type SpanFilter } from "@treadle/contract";
import { AppError } from "../../kernel/errors.ts";
import { matchesTree } from "./filter-match.ts";
import { payloadText, type SpanRow } from "./span-row.ts";

/** The values that a comma-separated filter takes; a value that has a comma itself is matched as a whole too. */
export const splitValues = (value: string): string[] =>
  [...new Set([value, ...value.split(",").map((part) => part.trim())])].filter((part) => part !== "");

/** The conditions that a filter's text asks for, or null for none. Throws `invalid_request` where the text is wrong. */
export function readFilter(text: string): FilterNode | null {
  const { filter, problems } = parseFilter(text);
  const [problem] = problems;
  if (!problem) return filter;
  const message = `\`filter\` has a problem at character ${problem.from + 1}: ${problem.message}`;
  throw new AppError("invalid_request", { message, details: { field: "filter" } });
}

/** Whether a span that was just recorded passes a filter; the same answer as the query of filter-store.ts gives. Times are not looked at: it is now. */
export function matchesFilter(
  row: SpanRow,
  filter: Omit<SpanFilter, "from" | "to">,
  scores: readonly Score[] = [],
): boolean {
  const isIn = (wanted: string | undefined, ...found: readonly string[]) =>
    wanted === undefined || wanted === "" || splitValues(wanted).some((value) => found.includes(value));
  return (
    isIn(filter.model, row.request_model, row.response_model) &&
    isIn(filter.provider, row.provider) &&
    isIn(filter.endpoint, row.endpoint) &&
    isIn(filter.kind, row.kind) &&
    isIn(filter.status, row.status) &&
    isIn(filter.userId, row.user_id) &&
    isIn(filter.sessionId, row.session_id) &&
    isIn(filter.traceId, row.trace_id) &&
    isIn(filter.tag, ...row.tags) &&
    row.duration_ms >= (filter.minDurationMs ?? 0) &&
    (filter.minCostUsd === undefined || (row.cost_usd !== null && row.cost_usd >= filter.minCostUsd)) &&
    row.input_tokens + row.output_tokens >= (filter.minTokens ?? 0) &&
    (!filter.rootsOnly || row.parent_span_id === "") &&
    (!filter.search || contains(row, filter.search)) &&
    (!filter.filter || matchesTree({ row, scores }, readFilter(filter.filter)))
  );
}

function contains(row: SpanRow, search: string): boolean {
  const wanted = search.toLowerCase();
  const wantedJson = JSON.stringify(search).slice(1, -1).toLowerCase();
  const texts = [row.name, row.error_message, row.input_preview, row.output_preview];
  return (
    texts.some((text) => text.toLowerCase().includes(wanted)) ||
    [row.input, row.output].some((payload) => payloadText(payload).toLowerCase().includes(wantedJson))
  );
}
