/** What of an address narrows a list of spans; each field is one of the API's, several values separated by commas. */
export type TraceFilter = Partial<Record<FilterField | "search", string>>;

type Field = {
  label: string;
  /** `values`: asked from the server; `choices`: a fixed list; `number`: at least this much, in `unit`. */
  kind: "values" | "choices" | "number" | "text";
  choices?: readonly string[];
  unit?: string;
  help: string;
};

const KINDS = [
  "generation",
  "embedding",
  "retrieval",
  "rerank",
  "tool",
  "agent",
  "chain",
  "guardrail",
  "evaluator",
  "span",
] as const;

export const FILTER_FIELDS = {
  status: { label: "Status", kind: "choices", choices: ["ok", "error", "cancelled"], help: "How it ended" },
  model: { label: "Model", kind: "values", help: "Asked for or answered" },
  provider: { label: "Provider", kind: "values", help: "Who answered" },
  endpoint: { label: "Endpoint", kind: "values", help: "A named endpoint" },
  kind: { label: "Kind", kind: "choices", choices: KINDS, help: "Generation, tool, retrieval…" },
  userId: { label: "User", kind: "values", help: "The user id you sent" },
  sessionId: { label: "Session", kind: "values", help: "The session id you sent" },
  tag: { label: "Tag", kind: "values", help: "One of the tags you sent" },
  minDurationMs: { label: "Duration", kind: "number", unit: "ms", help: "At least, in milliseconds" },
  minCostUsd: { label: "Cost", kind: "number", unit: "USD", help: "At least, in US dollars" },
  minTokens: { label: "Tokens", kind: "number", unit: "tokens", help: "In and out together, at least" },
  traceId: { label: "Trace id", kind: "text", help: "All 32 digits" },
} as const satisfies Record<string, Field>;
export type FilterField = keyof typeof FILTER_FIELDS;

export const FIELD_NAMES = Object.keys(FILTER_FIELDS) as readonly FilterField[];

export const fieldOf = (name: FilterField): Field => FILTER_FIELDS[name];

/** The filter in an address, without what is empty, unknown or not a number where one is needed. */
export function parseFilter(search: TraceFilter): TraceFilter {
  const filter: TraceFilter = search.search ? { search: search.search } : {};
  for (const name of FIELD_NAMES) {
    const value = search[name];
    if (!value) continue;
    if (fieldOf(name).kind === "number" && !(Number(value) >= 0)) continue;
    filter[name] = value;
  }
  return filter;
}

/** A filter with every field named, the unset ones undefined, so that setting it takes away what it does not hold. */
export function wholeFilter(filter: TraceFilter): Record<FilterField | "search", string | undefined> {
  const empty = { search: undefined, ...Object.fromEntries(FIELD_NAMES.map((name) => [name, undefined])) };
  return Object.assign(empty as Record<FilterField | "search", string | undefined>, filter);
}

/** A chip's words: `Model is gpt-4o or llama`, `Duration ≥ 500 ms`. */
export function wordsOf(name: FilterField, value: string): { label: string; verb: string; value: string } {
  const { label, kind, unit } = fieldOf(name);
  if (kind === "number")
    return { label, verb: "≥", value: unit === "USD" ? `$${value}` : `${Number(value).toLocaleString("en")} ${unit}` };
  return { label, verb: "is", value: value.split(",").join(" or ") };
}

/** Adds or takes away one value of a field that can have several. */
export function toggleValue(current: string | undefined, value: string): string | undefined {
  const values = current ? current.split(",") : [];
  const next = values.includes(value) ? values.filter((other) => other !== value) : [...values, value];
  return next.length > 0 ? next.join(",") : undefined;
}

/** Whether anything is narrowed at all. */
export const hasFilter = (filter: TraceFilter): boolean => Object.values(filter).some(Boolean);
