import type { SweepTrial } from "@treadle/contract";
import { z } from "zod";
import { AppError } from "../../../kernel/errors.ts";
import type { JobHandler, JobKind, JobRun } from "../../../platform/jobs/port.ts";
import { concludeSweep } from "./conclude-sweep.ts";
import type { SentConfig, SweepDeps } from "./deps.ts";
import { createSweepStore, type SweepRow } from "./store.ts";
import { suggest, trialsOf } from "./suggest.ts";
import type { Settings } from "./trial.ts";
import { createTrials, type SweptConfig } from "./trials.ts";

const Payload = z.object({ sweepId: z.string() });
type Payload = z.output<typeof Payload>;
/** The trials are stored, and the search suggests the same again, so no other state is needed. */
const State = z.object({});
type State = z.output<typeof State>;
export const sweepJob: JobKind<Payload, State> = { name: "sweep", payload: Payload, state: State };

/** Runs the trials of a sweep one after another. After a restart, it continues with the active run. */
export const createRunSweep = (deps: SweepDeps): JobHandler<Payload, State> => ({
  concurrency: 1,
  isWhole: () => false,
  async run(run) {
    const store = createSweepStore(deps.db);
    const row = await store.find(run.scope.projectId, run.payload.sweepId);
    if (!row) throw new AppError("not_found", { message: "The search was deleted." });
    const { config } = deps.training.read(row.input.config);
    if (config === null) throw new AppError("unprocessable", { message: "The configuration is no longer valid." });
    await store.update(run.scope.projectId, row.id, { status: "running" });
    const search = createSearch(deps, run, { row, config });
    const message = await search.run();
    await deps.db.transaction(async (tx) => {
      const changes = { status: "done" as const, message, endedAt: new Date(deps.clock.now()) };
      await createSweepStore(tx).update(run.scope.projectId, row.id, changes);
      await run.save({}, tx);
    });
    return { sweepId: row.id, message };
  },
});

type Begun = { readonly row: SweepRow; readonly config: SweptConfig };

function createSearch(deps: SweepDeps, run: JobRun<Payload, State>, { row, config }: Begun) {
  const { signal } = run;
  const { input } = row;
  const space = { space: input.search, method: input.method, trials: input.trials, seed: input.seed };
  const trials = createTrials(deps, { scope: run.scope, signal, row, config });

  const isOver = () => {
    const spent = trials.all().reduce((sum, { seconds }) => sum + (seconds ?? 0), 0);
    return input.maxMinutes !== null && spent >= input.maxMinutes * 60;
  };
  const begin = async (trial: Pick<SweepTrial, "role" | "seed"> & { params: Settings }, message: string) => {
    signal.throwIfAborted();
    run.report({ message, done: trials.all().length });
    await trials.run(newTrial({ ...trial, number: trials.all().length }));
  };

  async function search(): Promise<void> {
    while (!isOver()) {
      const params = suggest(space, trials.seen());
      if (params === null) return;
      await begin({ role: "search", params, seed: seedOf(config) }, describe(params));
    }
  }

  async function repeatBest(): Promise<void> {
    const best = trials.all().find(({ number }) => number === concludeSweep(trials.all(), input).best);
    if (!best) return;
    const made = () => trials.all().filter(({ role }) => role === "repeat").length;
    while (!isOver() && made() < input.repeats) {
      const message = `The best settings with another seed, ${made() + 1} of ${input.repeats}`;
      await begin({ role: "repeat", params: best.params, seed: seedOf(config) + 1 + made() }, message);
    }
  }

  return {
    /** Returns the message for the user. */
    async run(): Promise<string> {
      run.report({ unit: "trials", total: trialsOf(space) + input.repeats, done: trials.all().length });
      await trials.finishRunning();
      await search();
      await repeatBest();
      const { best, value } = concludeSweep(trials.all(), input);
      if (best === null) return "No trial finished with a value.";
      const early = isOver() ? " The search stopped because its time was used up." : "";
      return `Trial ${best + 1} is best: ${input.metric} ${value?.toPrecision(4)}.${early}`;
    },
  };
}

const seedOf = ({ seed }: SentConfig): number => (typeof seed === "number" ? seed : 42);

const newTrial = (trial: Pick<SweepTrial, "number" | "role" | "seed"> & { params: Settings }) => ({
  ...trial,
  params: { ...trial.params },
  status: "running" as const,
  value: null,
  seconds: null,
  reports: [],
  message: "",
});

const describe = (params: Settings) =>
  Object.entries(params)
    .map(([path, value]) => `${path} ${value}`)
    .join(", ")
    .slice(0, 200);
