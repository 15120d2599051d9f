/** The descriptions of the console's tables. */
export const TABLE_WORDS = {
  spans: "One row per recorded span (step).",
  scores: "Scores of spans. A score belongs to the whole trace where span_id is empty.",
  span_contents: "Log contents that belong to a span, such as its messages.",
  trace_summaries: "One row per trace, computed from its spans when you read it.",
} as const;

/** The columns that hold text of traces. A statement of a caller without `traces:content` does not see them. */
export const CONTENT_COLUMNS = {
  spans: [
    "error_message",
    "input",
    "output",
    "input_preview",
    "output_preview",
    "parameters",
    "attributes",
    "attempts",
    "events",
    "links",
  ],
  scores: ["comment"],
  span_contents: ["body", "attributes"],
} as const;

/** The descriptions of columns with unclear names. Times are in UTC, durations in milliseconds, money in US dollars. */
export const COLUMN_WORDS: Readonly<Record<string, string>> = {
  start_time: "Start time, in UTC.",
  time: "Time of recording, in UTC.",
  trace_id: "32 hexadecimal digits.",
  span_id: "16 hexadecimal digits.",
  parent_span_id: "Empty for the root span of the trace.",
  kind: "generation, embedding, retrieval, rerank, tool, agent, chain, guardrail, evaluator or span.",
  status: "ok, error or cancelled.",
  request_model: "The model in the request.",
  response_model: "The model that responded; empty when no model did.",
  duration_ms: "Duration in milliseconds.",
  ttft_ms: "Time to the first token in milliseconds; null without streaming.",
  cost_usd: "Cost in US dollars; null when the price is unknown.",
  input_tokens: "Input tokens.",
  output_tokens: "Output tokens.",
  cached_input_tokens: "Input tokens that were in the provider's cache.",
  cache_write_tokens: "Tokens written to the provider's cache.",
  reasoning_tokens: "Output tokens spent on reasoning.",
  is_cache_hit: "True when the response came from the gateway's cache.",
  is_sample: "True for spans of the demo project that Treadle made.",
  tags: "A list: has(tags, 'beta').",
  metadata: "A map of texts: metadata['tenant'].",
  attributes: "A map of attributes that have no other column: attributes['http.route'].",
  input: "The input as JSON. Wide: read it for few rows only.",
  output: "The output as JSON. Wide: read it for few rows only.",
  input_preview: "The start of the input, as text.",
  output_preview: "The start of the output, as text.",
  parameters: "Request parameters such as temperature, as JSON.",
  attempts: "Each attempt at each provider, as JSON.",
  events: "Events during the span, as JSON.",
  links: "Linked spans, as JSON.",
  variant: "The variant of the endpoint that the call went to.",
  guard_policy: "The guard policy that checked the call, and its version.",
  guard_action: "The strongest action of the guards; allow without a finding, empty without a policy.",
  guard_kinds: "What the guards found: has(guard_kinds, 'personal-data/email').",
  guard_language: "The language of the last user message of a call with guards; empty if it is uncertain.",
  rollout_id: "The rollout that the endpoint was in.",
  assignment_unit: "What stays on its variant: user, session, conversation, key or request.",
  assignment_bucket: "Where the unit lies, from 0 to 1. Identifies it within a rollout.",
  propensity: "The probability of the variant; 0 if the caller set the variant.",
  value: "The score as a number; null when it is a label.",
  label: "The score as a label.",
  source: "The source of the score.",
  body: "As JSON.",
};

/** The descriptions of columns that differ from columns of the same name in other tables. */
export const OWN_COLUMN_WORDS: Readonly<Record<string, string>> = {
  "span_contents.attributes": "The attributes of the log record, as JSON text: JSONExtractString(attributes, 'tool').",
};
