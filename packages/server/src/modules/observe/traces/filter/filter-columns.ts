import type { FilterFieldName } from "@treadle/contract";
import type { SpanRow } from "../rows/span-row.ts";

type Names<Value> = { [Name in keyof SpanRow]: SpanRow[Name] extends Value ? Name : never }[keyof SpanRow];

/** The columns that a text field is compared with. One match is sufficient. */
export const TEXT_COLUMNS = {
  model: ["request_model", "response_model"],
  provider: ["provider"],
  endpoint: ["endpoint"],
  variant: ["variant"],
  rollout: ["rollout_id"],
  guard: ["guard_action"],
  guardPolicy: ["guard_policy"],
  guardLanguage: ["guard_language"],
  kind: ["kind"],
  status: ["status"],
  user: ["user_id"],
  session: ["session_id"],
  name: ["name"],
  service: ["service"],
  environment: ["environment"],
  release: ["release"],
  prompt: ["prompt_name"],
  promptVersion: ["prompt_version"],
  error: ["error_type"],
  trace: ["trace_id"],
  span: ["span_id"],
  traceName: ["trace_name"],
  scope: ["scope_name"],
  dialect: ["dialect"],
} as const satisfies Partial<Record<FilterFieldName, readonly Names<string>[]>>;

/** A number field in the engine and in a row. Null equals nothing and is not ordered. */
export const NUMBERS = {
  latency: { sql: "duration_ms", of: (row) => row.duration_ms },
  ttft: { sql: "ttft_ms", of: (row) => row.ttft_ms },
  cost: { sql: "cost_usd", of: (row) => row.cost_usd },
  tokens: { sql: "(toUInt64(input_tokens) + output_tokens)", of: (row) => row.input_tokens + row.output_tokens },
  inputTokens: { sql: "input_tokens", of: (row) => row.input_tokens },
  outputTokens: { sql: "output_tokens", of: (row) => row.output_tokens },
  cachedTokens: { sql: "cached_input_tokens", of: (row) => row.cached_input_tokens },
  reasoningTokens: { sql: "reasoning_tokens", of: (row) => row.reasoning_tokens },
} as const satisfies Partial<Record<FilterFieldName, { sql: string; of: (row: SpanRow) => number | null }>>;

/** The conditions of `has:` and `is:`. Scores, not a column, show whether a span has a score. */
export const FLAGS: Readonly<Record<string, { readonly sql: string; readonly of: (row: SpanRow) => boolean }>> = {
  "has:error": { sql: "status = 'error'", of: (row) => row.status === "error" },
  "has:input": { sql: "input_preview != ''", of: (row) => row.input_preview !== "" },
  "has:output": { sql: "output_preview != ''", of: (row) => row.output_preview !== "" },
  "has:cost": { sql: "isNotNull(cost_usd)", of: (row) => row.cost_usd !== null },
  "has:user": { sql: "user_id != ''", of: (row) => row.user_id !== "" },
  "has:session": { sql: "session_id != ''", of: (row) => row.session_id !== "" },
  "has:tag": { sql: "notEmpty(tags)", of: (row) => row.tags.length > 0 },
  "has:parent": { sql: "parent_span_id != ''", of: (row) => row.parent_span_id !== "" },
  "has:ttft": { sql: "isNotNull(ttft_ms)", of: (row) => row.ttft_ms !== null },
  "is:root": { sql: "parent_span_id = ''", of: (row) => row.parent_span_id === "" },
  "is:cached": { sql: "is_cache_hit", of: (row) => row.is_cache_hit },
  "is:sample": { sql: "is_sample", of: (row) => row.is_sample },
};

export const isTextField = (field: FilterFieldName): field is keyof typeof TEXT_COLUMNS => field in TEXT_COLUMNS;
export const isNumberField = (field: FilterFieldName): field is keyof typeof NUMBERS => field in NUMBERS;
