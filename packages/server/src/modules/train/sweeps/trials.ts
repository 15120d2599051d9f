import type { SweepTrial } from "@treadle/contract";
import type { Scope } from "../../../kernel/scope.ts";
import type { SentConfig, SweepDeps } from "./deps.ts";
import { whyPrune } from "./prune.ts";
import { putSettings } from "./put-settings.ts";
import { followTrial, refuseUserError } from "./run-trial.ts";
import { createSweepStore, type SweepRow } from "./store.ts";
import type { Seen } from "./trial.ts";

export type SweptConfig = SentConfig & { readonly eval: { readonly every: number } };
type Options = {
  readonly scope: Scope;
  readonly signal: AbortSignal;
  readonly row: SweepRow;
  readonly config: SweptConfig;
};

/** The trials of a search: kept as they change, and run one at a time. */
export function createTrials(deps: SweepDeps, { scope, signal, row, config }: Options) {
  const { input } = row;
  const store = createSweepStore(deps.db);
  const sign = input.direction === "min" ? 1 : -1;
  let trials: readonly SweepTrial[] = row.trials;

  async function put(trial: SweepTrial): Promise<void> {
    trials = [...trials.filter(({ number }) => number !== trial.number), trial].sort((a, b) => a.number - b.number);
    await store.update(scope.projectId, row.id, { trials: [...trials] });
  }

  /** As the samplers and the pruners see a trial: less is better. */
  const seenOf = ({ params, status, value, reports }: SweepTrial): Seen => ({
    params,
    status,
    value: value === null ? null : sign * value,
    reports: reports.map(([step, at]) => [step, sign * at] as const),
  });
  const searched = () => trials.filter(({ role }) => role === "search");

  async function run(trial: Omit<SweepTrial, "trainingRunId">): Promise<void> {
    const others = searched()
      .filter(({ number }) => number !== trial.number)
      .map(seenOf);
    const own = {
      name: nameOf(input.name, trial),
      seed: trial.seed,
      // The result of a trial is a number. A model requires a run with the best settings.
      export: { gguf: "none", register: false },
    };
    const { trainingRunId } = await deps.training.start(scope, {
      config: { ...putSettings(config, trial.params), ...own },
      requestId: `${row.id}-${trial.number}`,
    });
    const started = { ...trial, trainingRunId };
    await put(started);
    const judge = (now: SweepTrial) =>
      trial.role === "repeat"
        ? null
        : whyPrune({ pruner: input.pruner, trial: seenOf(now), others, every: config.eval.every });
    const { metric } = input;
    const ended = await followTrial(deps, { scope, trial: started, metric, sign, signal, judge, onChange: put });
    await put(ended);
    refuseUserError(ended, await deps.training.get(scope, trainingRunId));
  }

  return {
    all: (): readonly SweepTrial[] => trials,
    /** The trials of the search, without repeats of the best. */
    seen: (): readonly Seen[] => searched().map(seenOf),
    run,
    /** Continues the trial that was active when the server stopped, if there is one. */
    async finishRunning(): Promise<void> {
      const left = trials.find(({ status }) => status === "running");
      if (left) await run(left);
    },
  };
}

/** `wider-search-trial-3`: a name that a model may have. */
function nameOf(search: string, { role, number }: Pick<SweepTrial, "role" | "number">): string {
  const words = search
    .toLowerCase()
    .replaceAll(/[^a-z0-9._]+/g, "-")
    .replaceAll(/^[^a-z0-9]+|-+$/g, "")
    .slice(0, 80);
  return `${words || "search"}-${role === "search" ? "trial" : "repeat"}-${number + 1}`;
}
