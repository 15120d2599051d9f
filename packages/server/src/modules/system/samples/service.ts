import type { Clock } from "../../../kernel/clock.ts";
import type { Traces } from "../../observe/traces/index.ts";
import { generateSamples } from "./generate-samples.ts";

export type SamplesDeps = {
  readonly projects: {
    /** Calls `fill` before the project is visible. Null, without a call, if there is one already. */
    createSampleProject(fill: (projectId: string) => Promise<void>): Promise<{ readonly projectId: string } | null>;
  };
  readonly traces: Pick<Traces, "saveSamples">;
  readonly clock: Clock;
};

/** A project full of made-up traffic, so that the first look at the product is not at empty pages. */
export function createSamples({ projects, traces, clock }: SamplesDeps) {
  return {
    /** Makes the demo project with its spans, or does nothing when it is there. A stop in between leaves neither. */
    async seed(): Promise<void> {
      await projects.createSampleProject((projectId) => traces.saveSamples(projectId, generateSamples(clock.now())));
    },
  };
}
export type Samples = ReturnType<typeof createSamples>;
