import type { Clock } from "../../kernel/clock.ts";
import type { Traces } from "../traces/index.ts";
import { generateSamples } from "./generate-samples.ts";

type Deps = {
  readonly projects: {
    /** Null when there is one already, or was one that somebody deleted. */
    createSampleProject(): Promise<{ readonly projectId: string } | null>;
  };
  readonly traces: Pick<Traces, "saveSamples">;
  readonly clock: Clock;
};

/** A project full of made-up traffic, so that the first look at the product is not at empty pages. */
export function createSamples({ projects, traces, clock }: Deps) {
  return {
    /** Makes the demo project and its spans at the first start, and does nothing at any other. */
    async seed(): Promise<void> {
      const project = await projects.createSampleProject();
      if (!project) return;
      await traces.saveSamples(project.projectId, generateSamples(clock.now()));
    },
  };
}
