import { addCondition, writeValue } from "./edit-filter.ts";
import { conditionsOf } from "./scan-filter.ts";

/** What narrows a list: a text in the filter language. */
export type TraceFilter = { filter?: string };

const asValues = (value: string) => value.split(",").filter(Boolean).map(writeValue).join(",");

/** Fields that a URL can also set individually, as links do, and their filter syntax. */
const SINGLE_FIELDS = {
  search: (value: string) => `"${value.replaceAll(/[*\\]/g, "\\$&").replaceAll('"', '\\"')}"`,
  status: (value: string) => `status:${asValues(value)}`,
  model: (value: string) => `model:${asValues(value)}`,
  provider: (value: string) => `provider:${asValues(value)}`,
  endpoint: (value: string) => `endpoint:${asValues(value)}`,
  kind: (value: string) => `kind:${asValues(value)}`,
  userId: (value: string) => `user:${asValues(value)}`,
  sessionId: (value: string) => `session:${asValues(value)}`,
  tag: (value: string) => `tag:${asValues(value)}`,
  traceId: (value: string) => `trace:${asValues(value)}`,
  minDurationMs: (value: string) => `latency>=${Number(value)}ms`,
  minCostUsd: (value: string) => `cost>=${Number(value)}`,
  minTokens: (value: string) => `tokens>=${Number(value)}`,
} as const satisfies Readonly<Record<string, (value: string) => string>>;
type SingleField = keyof typeof SINGLE_FIELDS;
const FIELD_NAMES = Object.keys(SINGLE_FIELDS) as readonly SingleField[];

/** What of an address can narrow a list. */
export type FilterSearch = TraceFilter & Partial<Record<SingleField, string>>;

/** The filter in an address as one text; fields that were named one by one are joined to it. */
export function parseFilter(search: FilterSearch): TraceFilter {
  const conditions = FIELD_NAMES.flatMap((name) => {
    const value = search[name];
    if (!value || (name.startsWith("min") && !(Number(value) >= 0))) return [];
    return [SINGLE_FIELDS[name](value)];
  });
  const text = search.filter?.trim() ?? "";
  // An address may be read again after it was joined; a condition that is there already is not added twice.
  const known = new Set(conditionsOf(text).map(({ from, to }) => text.slice(from, to)));
  const filter = conditions.filter((condition) => !known.has(condition)).reduce(addCondition, text);
  return filter ? { filter } : {};
}

/** A filter with every field named, so that setting it in an address takes away what it does not hold. */
export function wholeFilter({ filter }: TraceFilter): Record<SingleField | "filter", string | undefined> {
  const empty = Object.fromEntries(FIELD_NAMES.map((name) => [name, undefined]));
  return { ...(empty as Record<SingleField, undefined>), filter: filter || undefined };
}

/** The filter of an address in its one form, for the routes. */
export const joinFilter = (search: FilterSearch) => wholeFilter(parseFilter(search));

/** Whether anything is narrowed at all. */
export const hasFilter = ({ filter }: TraceFilter): boolean => Boolean(filter);
