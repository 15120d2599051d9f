import type { RolloutMetric } from "@treadle/contract";

/** A look must not hold up the store. */
export const LIMITS = "SETTINGS max_execution_time = 30";

/** A unit's place as the 32 bits that it was drawn with, which are faster to group by than a fraction. */
export const PLACE = "toUInt32(least(assignment_bucket * 4294967296, 4294967295))";

/** A metric of one request: when it has a value, and the value, which is 1 for a bad request where it is a rate. */
export type MetricSql = { readonly has: string; readonly value: string };

/** More than one attempt, of which the last one asked another model. The second condition is read for few rows only. */
const FELL_BACK = `(position(attempts, '},{') > 0 AND
  (JSONExtractString(attempts, 1, 'model') != JSONExtractString(attempts, -1, 'model')
    OR JSONExtractString(attempts, 1, 'connection') != JSONExtractString(attempts, -1, 'connection')))`;
export const HAS_OWN_ANSWER = `(status = 'ok' AND NOT ${FELL_BACK})`;
/** A request that was rejected before a provider was asked: by its form, a guard or a limit. */
const REJECTED = "('invalid_request', 'content_filter', 'rate_limited', 'quota_exceeded')";
/** The provider's failure, and not the caller's. */
export const IS_HARD_FAILURE = `(${FELL_BACK} OR status = 'error' AND if(attempts IN ('', '[]'), error_type NOT IN ${REJECTED},
  JSONExtractInt(attempts, -1, 'status') IN (0, 401, 403, 404, 429) OR JSONExtractInt(attempts, -1, 'status') >= 500))`;

/** The format that the request wants, of OpenAI's chat or Responses API. */
const FORMAT = `if(JSONHas(parameters, 'response_format'), JSONExtractRaw(parameters, 'response_format'), JSONExtractRaw(parameters, 'text', 'format'))`;
const WANTS_JSON = `(status = 'ok' AND position(parameters, 'json_') > 0 AND JSONExtractString(${FORMAT}, 'type') IN ('json_object', 'json_schema'))`;
const SCHEMA = `if(JSONHas(${FORMAT}, 'json_schema'), JSONExtractRaw(${FORMAT}, 'json_schema', 'schema'), JSONExtractRaw(${FORMAT}, 'schema'))`;
const TEXT = `JSONExtractString(arrayFirst(part -> JSONExtractString(part, 'type') = 'text', JSONExtractArrayRaw(output, 1, 'parts')), 'content')`;
const IS_MISSHAPEN = `(NOT isValidJSON(${TEXT}) OR arrayExists(name -> NOT JSONHas(${TEXT}, name), JSONExtract(${SCHEMA}, 'required', 'Array(String)')))`;
/** Quotes in a text are escaped, so these can only be fields. */
const IS_REFUSED = `multiSearchAny(output, ['"finish_reason":"content_filter"', '"finish_reason":"refusal"', '"type":"refusal"'])`;

/** The built-in metrics in the columnar engine's words. Scores have their own query. */
export function metricSql(metric: RolloutMetric, budget: string): MetricSql | null {
  switch (metric.kind) {
    case "error":
      return { has: "true", value: `(status = 'error' OR ${FELL_BACK})` };
    case "latency":
      return { has: "true", value: `(duration_ms > ${budget})` };
    case "first-token":
      return { has: "isNotNull(ttft_ms)", value: `(ifNull(ttft_ms, 0) > ${budget})` };
    case "cost":
      return { has: "isNotNull(cost_usd)", value: "ifNull(cost_usd, 0)" };
    case "schema":
      // The condition again, so that no other output is read.
      return { has: WANTS_JSON, value: `(${WANTS_JSON} AND ${IS_MISSHAPEN})` };
    case "refusal":
      return { has: "status = 'ok'", value: IS_REFUSED };
    case "score":
      return null;
    default:
      return metric satisfies never;
  }
}
