import {
  BLOCK,
  BLOCK_ROWS,
  PARCELS,
  PROJECT_SHARES,
  SPAN_DAYS,
  type SpanTable,
  TRACES_OF_BLOCK,
} from "./span-traces.ts";
import { CALL_NAMES, ENDPOINTS, FAILURES, LEAF_KINDS, MODELS, SERVICES, TAGS, TOOL_NAMES } from "./span-values.ts";
import { DRAW_COUNT, DRAWS } from "./span-words.ts";

const USERS = 50_000;
const DAY_MICROS = 86_400_000_000;
/** The busiest hour of a day, UTC, and how much it differs from the quietest: from 0, not at all, to 1. */
const BUSIEST_HOUR = 14;
const DAILY_SWING = 0.7;
const MOST_WORDS = 300;

/** Names and what they stand for in SQL, each in terms of those before it. */
type Terms = readonly (readonly [name: string, sql: string])[];
/** A number from 0 to 1 for what it is drawn for: of a row, or the same for all rows of a trace. */
type Draw = (what: string) => string;
const ofRow: Draw = (what) => `(cityHash64(seed, number, '${what}') / 18446744073709551616.)`;
const ofTrace: Draw = (what) => `(cityHash64(seed, trace, '${what}') / 18446744073709551616.)`;

const list = (values: readonly (string | number | null)[]) =>
  `[${values.map((value) => (typeof value === "string" ? `'${value.replaceAll("'", "\\'")}'` : String(value))).join(", ")}]`;
/** A place in a list of this length, as often 1 as 2 and 3 together, and so on. */
const skewed = (length: number, uniform: string) => `toUInt32(pow(${length + 1}, ${uniform}))`;
const even = (length: number, uniform: string) => `(1 + toUInt32(floor(${length} * ${uniform})))`;
/** Positive, with a long tail to the right, as times and lengths are. */
const around = (median: string | number, spread: number, [draw, what]: readonly [Draw, string]) =>
  `(${median} * exp(${spread} * sqrt(-2 * log(1 - ${draw(`${what} radius`)})) * cos(2 * pi() * ${draw(`${what} angle`)})))`;
/** So many words of English, more or less. */
const prose = (words: string, what: string) =>
  `trimRight(arrayStringConcat(arrayMap(place -> draws[1 + bitAnd(cityHash64(seed, number, '${what}', place), ${DRAW_COUNT - 1})],
    range(toUInt32(least(${words}, ${MOST_WORDS}))))))`;
const message = (role: string, content: string, more = "") =>
  `'{"role":"${role}","parts":[{"type":"text","content":"', ${content}, '"}]${more}}'`;
const hexDigits = (digits: number, ...parts: readonly string[]) =>
  `substring(lower(hex(MD5(concat(${parts.map((part) => `toString(${part})`).join(", ':', ")})))), 1, ${digits})`;

/** Where a row stands: its trace, its place in the tree, its project and its time. Agrees with `traceOf`. */
const places = ({ projectId, rows, seed, until }: SpanTable): Terms => [
  ["seed", String(seed)],
  ["in_block", `1 + number % ${BLOCK_ROWS}`],
  ["trace", `intDiv(number, ${BLOCK_ROWS}) * ${TRACES_OF_BLOCK} + ${list(BLOCK.map(({ trace }) => trace))}[in_block]`],
  ["step", `${list(BLOCK.map(({ step }) => step))}[in_block]`],
  ["size", `${list(BLOCK.map(({ size }) => size))}[in_block]`],
  ["digest", "MD5(concat(toString(seed), ':', toString(trace)))"],
  [
    "project",
    `${list(PROJECT_SHARES.flatMap((share, place) => Array.from({ length: share }, () => place)))}[1 + reinterpretAsUInt8(substring(digest, 16, 1))]`,
  ],
  ["owner", `if(project = 0, '${projectId}', concat('proj_neighbour', toString(project)))`],
  ["fan", `2 + toUInt8(3 * ${ofTrace("fan")})`],
  ["is_inner", "step * fan + 1 < size"],
  ["pace_ms", around(500, 0.5, [ofTrace, "pace"])],
  ["day", `${SPAN_DAYS} * (trace + ${ofTrace("time")}) / ${(rows / BLOCK_ROWS) * TRACES_OF_BLOCK}`],
  // The whole of a day's swing lies within the day, so that the order of traces stays and both ends are where they were.
  ["phase", String(phaseOf(until))],
  ["swung", `day - ${DAILY_SWING} * (sin(2 * pi() * day + phase) - sin(phase)) / (2 * pi())`],
  [
    "began",
    `least(toInt64(${until * 1_000} + (swung - ${SPAN_DAYS}) * ${DAY_MICROS} + 1000 * step * pace_ms), toInt64(${until * 1_000}) - step)`,
  ],
];

/** Such that 0 of the sine falls on the busiest hour, counting from the hour of `until`. */
const phaseOf = (until: number) => -2 * Math.PI * (BUSIEST_HOUR / 24 - (until % 86_400_000) / 86_400_000);

/** What the row is about. */
const subjects: Terms = [
  [
    "what",
    `multiIf(is_inner, if(step = 0, 'agent', 'chain'), size = 1, 'generation', ${list(LEAF_KINDS)}[${even(LEAF_KINDS.length, ofRow("kind"))}])`,
  ],
  ["is_generation", "what = 'generation'"],
  ["is_call", "what IN ('generation', 'embedding')"],
  ["place", skewed(SERVICES.length, ofTrace("service"))],
  ["model", skewed(MODELS.length, ofRow("model"))],
  ["model_name", `if(is_call, ${list(MODELS.map(({ name }) => name))}[model], '')`],
  ["provider_name", `if(is_call, ${list(MODELS.map(({ provider }) => provider))}[model], '')`],
  ["version", `${list(MODELS.map((model) => model.version))}[model]`],
  ["outcome", ofRow("outcome")],
  ["is_failed", "outcome < 0.02"],
  ["failure", skewed(FAILURES.length, ofRow("failure"))],
  ["user", skewed(USERS, ofTrace("user"))],
  ["tokens_in", `if(is_call, toUInt32(least(${around(900, 0.9, [ofRow, "in"])}, 200000)), 0)`],
  ["tokens_out", `if(is_generation AND NOT is_failed, toUInt32(least(${around(160, 0.8, [ofRow, "out"])}, 16000)), 0)`],
  ["usd_in", `${list(MODELS.map(({ usd }) => usd?.[0] ?? null))}[model]`],
  ["usd_out", `${list(MODELS.map(({ usd }) => usd?.[1] ?? null))}[model]`],
  ["is_hit", `is_generation AND NOT is_failed AND ${ofRow("hit")} < 0.04`],
  [
    "own_ms",
    around("multiIf(is_hit, 2, is_generation, 1400, what = 'tool', 250, what IN ('agent', 'chain'), 20, 70)", 0.7, [
      ofRow,
      "time",
    ]),
  ],
  ["took_ms", "round(if(is_inner, (size - step) * pace_ms, 0) + own_ms, 1)"],
];

/** What was said. */
const payloads: Terms = [
  ["draws", DRAWS],
  [
    "prompts",
    `(SELECT arrayMap(service -> arrayStringConcat(arrayMap(place -> draws[1 + bitAnd(cityHash64(seed, service, 'prompt', place), ${DRAW_COUNT - 1})], range(50))), range(${SERVICES.length})))`,
  ],
  [
    "order",
    `concat('About order NF-', substring(lower(hex(digest)), 1, 12), ', parcel PK-', toString(${PARCELS} + toUInt32(floor(${PARCELS} * ${ofTrace("parcel")}))), ': ')`,
  ],
  ["said", `concat(if(step = 0, order, ''), ${prose(around("if(is_call, 30, 12)", 0.7, [ofRow, "said"]), "said")})`],
  ["answer", `if(is_failed, '', ${prose(around("if(is_generation, 55, 15)", 0.7, [ofRow, "answer"]), "answer")})`],
  [
    "into",
    `multiIf(is_generation, concat('[', ${message("system", "prompts[place]")}, ',', ${message("user", "said")}, ']'),
      is_inner, concat('[', ${message("user", "said")}, ']'), concat('{"query":"', said, '"}'))`,
  ],
  [
    "out_of",
    `multiIf(is_failed, '', is_generation OR is_inner, concat('[', ${message("assistant", "answer", ',"finish_reason":"stop"')}, ']'),
      what = 'embedding', '{"dimensions":1536}', concat('{"result":"', answer, '"}'))`,
  ],
];

/** Each column of `spans` and its value. */
const columns: Terms = [
  ["project_id", "owner"],
  ["start_time", "fromUnixTimestamp64Micro(began, 'UTC')"],
  ["trace_id", "lower(hex(digest))"],
  ["span_id", hexDigits(16, "'span'", "seed", "trace", "step")],
  ["parent_span_id", `if(step = 0, '', ${hexDigits(16, "'span'", "seed", "trace", "intDiv(step - 1, fan)")})`],
  [
    "name",
    `multiIf(is_inner, concat(what, ' ', ${list(SERVICES)}[place]), is_generation, ${list(CALL_NAMES)}[${skewed(CALL_NAMES.length, ofRow("name"))}],
      what = 'tool', ${list(TOOL_NAMES)}[${skewed(TOOL_NAMES.length, ofRow("name"))}], what)`,
  ],
  ["kind", "what"],
  ["service", `${list(SERVICES)}[place]`],
  [
    "environment",
    `multiIf(${ofTrace("environment")} < 0.9, 'production', ${ofTrace("environment")} < 0.98, 'staging', 'development')`,
  ],
  ["provider", "provider_name"],
  ["request_model", "model_name"],
  ["response_model", "if(is_call AND NOT is_failed, concat(model_name, version), '')"],
  ["endpoint", `${list(ENDPOINTS)}[place]`],
  ["status", "multiIf(is_failed, 'error', outcome < 0.025, 'cancelled', 'ok')"],
  ["error_type", `if(is_failed, ${list(FAILURES.map(({ type }) => type))}[failure], '')`],
  ["error_message", `if(is_failed, ${list(FAILURES.map((failure) => failure.message))}[failure], '')`],
  ["user_id", "concat('user-', toString(user))"],
  ["session_id", `concat('session-', ${hexDigits(12, "'session'", "seed", "user", "intDiv(trace, 2000)")})`],
  [
    "tags",
    `arrayDistinct(arrayMap(place -> ${list(TAGS)}[toUInt32(pow(${TAGS.length + 1}, cityHash64(seed, trace, 'tag', place) / 18446744073709551616.))], range(toUInt32(4 * ${ofTrace("tags")}))))`,
  ],
  ["duration_ms", "took_ms"],
  ["ttft_ms", `if(is_generation AND NOT is_failed, round(took_ms * (0.1 + 0.4 * ${ofRow("first")}), 1), NULL)`],
  ["input_tokens", "tokens_in"],
  ["output_tokens", "tokens_out"],
  ["cached_input_tokens", `if(is_generation AND ${ofRow("cached")} < 0.3, intDiv(tokens_in, 128) * 64, 0)`],
  ["cache_write_tokens", "0"],
  ["reasoning_tokens", "if(model_name = 'o4-mini', intDiv(tokens_out, 3), 0)"],
  ["cost_usd", "if(is_call, if(is_hit, 0, (tokens_in * usd_in + tokens_out * usd_out) / 1e6), NULL)"],
  ["is_cache_hit", "is_hit"],
  ["is_sample", "false"],
  ["config_hash", hexDigits(32, "'config'", "seed", "place", `toUInt8(4 * ${ofTrace("config")})`)],
  ["input_preview", "substring(said, 1, 200)"],
  ["output_preview", "substring(answer, 1, 200)"],
  ["input", "into"],
  ["output", "out_of"],
  ["parameters", `if(is_generation, '{"temperature":0.3,"max_tokens":800}', '{}')`],
  [
    "attempts",
    `if(is_call AND NOT is_hit, concat('[{"connection":"', provider_name, '","provider":"', provider_name, '","model":"', model_name, '","status":', if(is_failed, '500', '200'), ',"error":"","durationMs":', toString(took_ms), '}]'), '[]')`,
  ],
  [
    "metadata",
    `map('channel', if(${ofTrace("channel")} < 0.7, 'web', 'app'), 'plan', if(user % 4 = 0, 'plus', 'free'))`,
  ],
  [
    "attributes",
    `if(is_call, map('gen_ai.operation.name', if(is_generation, 'chat', 'embeddings'), 'gen_ai.provider.name', provider_name, 'gen_ai.request.model', model_name,
      'gen_ai.response.id', concat('resp_', ${hexDigits(20, "'response'", "seed", "number")}), 'gen_ai.usage.input_tokens', toString(tokens_in), 'gen_ai.usage.output_tokens', toString(tokens_out)),
      map('code.function.name', what, 'thread.id', toString(trace % 16)))`,
  ],
];

/** SQL that inserts the rows from `start` up to `end` as one block, which a second try with the same token leaves out. */
export function insertRows(table: SpanTable, start: number, end: number): string {
  const terms = [...places(table), ...subjects, ...payloads].map(([name, sql]) => `${sql} AS ${name}`);
  return `INSERT INTO spans (${columns.map(([name]) => name).join(", ")})
    SETTINGS insert_deduplication_token = 'rows ${table.seed} ${start}', max_insert_threads = 1,
      min_insert_block_size_rows = ${end - start}, min_insert_block_size_bytes = 0
    WITH ${terms.join(",\n")}
    SELECT ${columns.map(([, sql]) => sql).join(",\n")} FROM numbers(${start}, ${end - start})`;
}
