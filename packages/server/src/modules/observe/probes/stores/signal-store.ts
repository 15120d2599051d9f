import { z } from "zod";
import type { Columnar } from "../../../../platform/columnar/port.ts";

export type SignalQuery = { readonly from: Date; readonly connection: string; readonly model: string };

const DayRow = z.object({
  day: z.string(),
  connection: z.string(),
  model: z.string(),
  calls: z.coerce.number(),
  response_models: z.array(z.string()),
  fingerprints: z.array(z.string()),
  speed: z.number().nullable(),
});
export type SignalRow = z.output<typeof DayRow>;
const TokenRow = z.object({
  day: z.string(),
  connection: z.string(),
  model: z.string(),
  text: z.string(),
  tokens: z.number(),
});
export type TokenRow = z.output<typeof TokenRow>;

/** The answering target of a call, which is the last attempt. */
const CONNECTION = "JSONExtractString(attempts, -1, 'connection')";
const MODEL = "JSONExtractString(attempts, -1, 'model')";
const DAY = "toString(toDate(start_time, 'UTC'))";
const SECONDS = "(duration_ms - ifNull(ttft_ms, 0)) / 1000";
/** Only the gateway sets `treadle.wire`. Answers of a cache show nothing about the model. Probes are no ordinary traffic. */
const WHERE = `project_id = {projectId:String} AND kind = 'generation' AND environment != 'probe'
  AND status = 'ok' AND NOT is_cache_hit AND mapContains(attributes, 'treadle.wire') AND start_time >= {from:DateTime64(6, 'UTC')}
  AND ({connection:String} = '' OR ${CONNECTION} = {connection:String})
  AND ({model:String} = '' OR ${MODEL} = {model:String})`;
const FEWEST_TOKENS = 20;
const MOST_ROWS = 2_000;

/** Reads what the spans of ordinary calls show about models by day. */
export const createSignalStore = (columnar: Pick<Columnar, "select">) => ({
  listDays: (projectId: string, query: SignalQuery): Promise<SignalRow[]> =>
    columnar.select({
      sql: `SELECT ${DAY} AS day, ${CONNECTION} AS connection, ${MODEL} AS model, count() AS calls,
          arraySort(groupUniqArray(10)(toString(response_model))) AS response_models,
          arraySort(groupUniqArrayIf(10)(attributes['openai.response.system_fingerprint'],
            attributes['openai.response.system_fingerprint'] != '')) AS fingerprints,
          quantileExactOrNullIf(0.5)(output_tokens / (${SECONDS}),
            output_tokens >= ${FEWEST_TOKENS} AND ${SECONDS} > 0.01) AS speed
        FROM spans WHERE ${WHERE} AND attempts NOT IN ('', '[]')
        GROUP BY day, connection, model ORDER BY connection, model, day LIMIT ${MOST_ROWS}`,
      params: paramsOf(projectId, query),
      row: DayRow,
    }),

  /** The input tokens of texts that were sent on more than one day. */
  listRepeated: (projectId: string, query: SignalQuery): Promise<TokenRow[]> =>
    columnar.select({
      sql: `SELECT day, connection, model, text, tokens FROM (
          SELECT ${DAY} AS day, ${CONNECTION} AS connection, ${MODEL} AS model, toString(cityHash64(input)) AS text,
            avg(input_tokens) AS tokens, count() OVER (PARTITION BY connection, model, text) AS days
          FROM spans WHERE ${WHERE} AND input_tokens > 0 AND NOT mapContains(attributes, 'treadle.usage.estimated')
          GROUP BY day, connection, model, text)
        WHERE days > 1 ORDER BY connection, model, day LIMIT 20000`,
      params: paramsOf(projectId, query),
      row: TokenRow,
    }),
});

const paramsOf = (projectId: string, { from, connection, model }: SignalQuery) => ({
  projectId,
  from: from.toISOString().replace("T", " ").replace("Z", ""),
  connection,
  model,
});
