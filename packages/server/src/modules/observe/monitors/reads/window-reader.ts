import { createCoarseSums } from "./coarse-sums.ts";
import { combine, type Range, readRanges } from "./read-ranges.ts";
import type { SumsStore } from "./sums-store.ts";
import type { WindowNeed, WindowRead } from "./window-need.ts";

/** A longer window is put together from stored parts. */
const DIRECT_SECONDS = 3_600;

/** Reads windows: short ones directly, and long ones from parts that were read before. */
export function createWindowReader(store: SumsStore) {
  const coarse = createCoarseSums(store);
  return {
    async read(
      projectId: string,
      needs: readonly WindowNeed[],
      signal: AbortSignal,
    ): Promise<ReadonlyMap<WindowNeed, WindowRead>> {
      const isLong = ({ seconds, meter }: WindowNeed) => seconds > DIRECT_SECONDS && meter.isAdditive;
      const direct = new Map(needs.filter((need) => !isLong(need)).map((need) => [need, rangeOf(need)]));
      const read = await readRanges(store, projectId, { ranges: [...direct.values()], signal });
      const results = new Map(await coarse.read(projectId, { needs: needs.filter(isLong), signal }));
      for (const [need, range] of direct) {
        const found = read.get(range) ?? { parts: [] };
        results.set(need, "error" in found ? found : { series: combine(found.parts) });
      }
      return results;
    },
  };
}
export type WindowReader = ReturnType<typeof createWindowReader>;

const rangeOf = ({ source, meter, end, seconds }: WindowNeed): Range => ({
  source,
  meter,
  from: end - seconds * 1_000,
  to: end,
  bucketMs: seconds * 1_000,
});
