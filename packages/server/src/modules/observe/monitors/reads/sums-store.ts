import { z } from "zod";
import type { Columnar } from "../../../../platform/columnar/port.ts";
import type { HistogramName, Sums } from "./meters.ts";
import { groupsStatement, type SpanSource, type SumsQuery, sumsStatement } from "./sums-sql.ts";

/** One row: the sums of a bucket of a series of one source. */
export type SumsRow = {
  readonly source: number;
  /** The start of the bucket, in milliseconds since 1970. */
  readonly at: number;
  readonly series: string;
  sumsOf(histogram: HistogramName | null): Sums;
};

const Row = z.object({
  source: z.coerce.number(),
  bucket: z.coerce.number(),
  series: z.string(),
  sums: z.array(z.number().nullable()),
  histograms: z.array(z.tuple([z.array(z.coerce.number()), z.array(z.coerce.number())])),
});
const Group = z.object({ name: z.string() });

/** The signals of a running evaluation: a stopped one stops its statements. */
export const createSumsStore = (columnar: Pick<Columnar, "select">) => ({
  async read(projectId: string, query: SumsQuery, signal: AbortSignal): Promise<SumsRow[]> {
    const rows = await columnar.select({ ...sumsStatement(projectId, query), row: Row, signal });
    return rows.map((row) => toRow(row, query));
  },

  /** The groups with the most spans in a time range, most first. */
  async listGroups(
    projectId: string,
    { groupBy, filter }: Pick<SpanSource, "filter"> & { readonly groupBy: string },
    { from, to, limit, signal }: { from: number; to: number; limit: number; signal: AbortSignal },
  ): Promise<string[]> {
    const statement = groupsStatement(projectId, { groupBy, filter, from, to, limit });
    const rows = await columnar.select({ ...statement, row: Group, signal });
    return rows.map(({ name }) => name);
  },
});
export type SumsStore = ReturnType<typeof createSumsStore>;

function toRow({ source, bucket, series, sums, histograms }: z.output<typeof Row>, query: SumsQuery): SumsRow {
  const { columns, from, bucketMs } = query;
  const values = Object.fromEntries(columns.map(({ key }, place) => [key, sums[place] ?? 0]));
  return {
    source,
    at: from + bucket * bucketMs,
    series,
    sumsOf(name) {
      const [bins = [], counts = []] = (name !== null && histograms[query.histograms.indexOf(name)]) || [];
      return { values, histogram: new Map(bins.map((bin, place) => [bin, counts[place] ?? 0])) };
    },
  };
}
