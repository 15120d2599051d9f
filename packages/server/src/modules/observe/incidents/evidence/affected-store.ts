import { z } from "zod";
import type { Columnar } from "../../../../platform/columnar/port.ts";
import { MODEL_SQL } from "./dimensions.ts";
import type { Asked, SourceOf, Where } from "./span-source-store.ts";

const count = z.coerce.number();
const AffectedRow = z.object({
  trace_id: z.string(),
  span_id: z.string(),
  at: count,
  value: count,
  model: z.string(),
  endpoint: z.string(),
  error_type: z.string(),
  is_worst: z.coerce.boolean(),
});
const ProviderRow = z.object({
  connection: z.string(),
  provider: z.string(),
  model: z.string(),
  attempts: count,
  errors: count,
});
export type ProviderRow = z.output<typeof ProviderRow>;
export type AffectedRow = z.output<typeof AffectedRow>;

const MOST_PROVIDERS = 200;

/** The affected traces, and how the providers answered. */
export const createAffectedStore = (columnar: Pick<Columnar, "select">, sourceOf: SourceOf) => ({
  ...createAffectedReads(columnar, sourceOf),
  ...createTraceChoice(columnar, sourceOf),
  ...createProviderReads(columnar),
});

/** How many spans are affected. */
const createAffectedReads = (columnar: Pick<Columnar, "select">, sourceOf: SourceOf) => ({
  async countAffected(projectId: string, asked: Asked, where: Where) {
    const { from, params } = sourceOf(projectId, asked, where);
    const [row] = await columnar.select({
      sql: `SELECT uniqExact(trace_id) AS traces, count() AS spans FROM ${from} WHERE ${asked.plan.isBad}`,
      params,
      row: z.object({ traces: count, spans: count }),
      signal: asked.signal,
    });
    return row ?? { traces: 0, spans: 0 };
  },
});

const createTraceChoice = (columnar: Pick<Columnar, "select">, sourceOf: SourceOf) => ({
  /** One span of each affected trace: the worst traces first, then random ones. The seed decides the random ones. */
  listAffected(projectId: string, asked: Asked, { where, seed, half }: { where: Where; seed: string; half: number }) {
    const { from, params } = sourceOf(projectId, asked, where);
    const { plan } = asked;
    const shown = plan.kind === "rate" && plan.badness !== plan.value ? plan.badness : plan.value;
    return columnar.select({
      sql: `SELECT trace_id, span_id, at, shown AS value, model, endpoint, error_type, is_worst FROM (
            SELECT *, row_number() OVER (ORDER BY badness DESC, trace_id) <= {half:UInt32} AS is_worst,
              row_number() OVER (ORDER BY cityHash64(trace_id, {seed:String}), trace_id) AS lot FROM (
              SELECT trace_id, argMax(span_id, ${plan.badness}) AS span_id, max(${plan.badness}) AS badness,
                argMax(${shown}, ${plan.badness}) AS shown, toUnixTimestamp64Milli(argMax(start_time, ${plan.badness})) AS at,
                toString(argMax(${MODEL_SQL}, ${plan.badness})) AS model, toString(argMax(spans.endpoint, ${plan.badness})) AS endpoint,
                toString(argMax(spans.error_type, ${plan.badness})) AS error_type
              FROM ${from} AS spans WHERE ${plan.isBad} GROUP BY trace_id))
          ORDER BY is_worst DESC, if(is_worst, -toFloat64(badness), toFloat64(lot)), trace_id LIMIT {most:UInt32}`,
      params: { ...params, seed, half, most: half * 2 },
      row: AffectedRow,
      signal: asked.signal,
    });
  },
});

/** How the providers answered. */
const createProviderReads = (columnar: Pick<Columnar, "select">) => ({
  /** The attempts of model calls by connection and model. Calls that did not go through the gateway have no connection. */
  listProviders(projectId: string, where: Where, signal: AbortSignal): Promise<ProviderRow[]> {
    return columnar.select({
      sql: `SELECT tried.1 AS connection, tried.2 AS provider, tried.3 AS model, count() AS attempts, countIf(tried.4) AS errors
          FROM (SELECT arrayJoin(if(empty(tries), [('', toString(provider), toString(${MODEL_SQL}), status = 'error')], tries)) AS tried
            FROM (SELECT *, arrayMap(one -> (JSONExtractString(one, 'connection'), JSONExtractString(one, 'provider'),
                JSONExtractString(one, 'model'), JSONExtractInt(one, 'status') NOT BETWEEN 200 AND 299),
                if(attempts = '', [], JSONExtractArrayRaw(attempts))) AS tries
              FROM spans WHERE ${where.sql} AND kind IN ('generation', 'embedding')))
          GROUP BY tried.1, tried.2, tried.3 HAVING model != '' ORDER BY attempts DESC LIMIT ${MOST_PROVIDERS}`,
      params: { ...where.params, projectId },
      row: ProviderRow,
      signal,
    });
  },
});
