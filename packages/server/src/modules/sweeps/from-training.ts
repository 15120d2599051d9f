import type { Training } from "../training/index.ts";
import type { SweptTraining } from "./deps.ts";

const PAGE = 1_000;

/** Training as a search needs it. */
export const sweptTraining = ({ validate, start, get, cancel, reads }: Training): SweptTraining => ({
  validate: async (_scope, config) => validate(config),
  ...{ start, get, cancel },
  async measured(scope, { trainingRunId, metric }) {
    const points: [number, number][] = [];
    for (let after: number | null = 0; after !== null; ) {
      const page: Awaited<ReturnType<typeof reads.events>> = await reads.events(scope, trainingRunId, {
        ...{ after, limit: PAGE, type: "eval" },
      });
      for (const event of page.items) {
        const value = event[metric];
        if (event.type === "eval" && typeof value === "number") points.push([event.step, value]);
      }
      after = page.nextAfter;
    }
    return points;
  },
});
