import type { Training } from "../training/index.ts";
import type { SweptTraining } from "./deps.ts";

const PAGE = 1_000;

/** Training as a search needs it. */
export const sweptTraining = ({ read, requireParts, start, get, cancel, reads }: Training): SweptTraining => ({
  read,
  requireParts,
  start,
  get,
  cancel,
  async measured(scope, { trainingRunId, metric }) {
    const points: [number, number][] = [];
    let cursor: string | undefined;
    do {
      const page: Awaited<ReturnType<typeof reads.events>> = await reads.events(scope, trainingRunId, {
        after: 0,
        cursor,
        limit: PAGE,
        type: "eval",
      });
      for (const event of page.items) {
        const value = event[metric];
        if (event.type === "eval" && typeof value === "number") points.push([event.step, value]);
      }
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    return points;
  },
});
