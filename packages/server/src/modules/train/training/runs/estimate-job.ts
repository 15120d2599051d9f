import { TrainingConfig as Config, type TrainingConfig, TrainingEstimate } from "@treadle/contract";
import { z } from "zod";
import { notFound } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { JobHandler, JobKind } from "../../../../platform/jobs/port.ts";
import { openSource } from "../data/open-source.ts";
import { providerOf } from "../provider/remote-run.ts";
import { requireConnection } from "../provider/require-connection.ts";
import type { TrainingDeps } from "../stores/deps.ts";
import { requirePython } from "../trainer/find-python.ts";
import type { RunQuestions } from "./ask-about-run.ts";

const Payload = z.strictObject({ config: Config });
const State = z.strictObject({});
type Estimating = JobHandler<z.output<typeof Payload>, z.output<typeof State>>;

const estimateJob: JobKind<z.output<typeof Payload>, z.output<typeof State>> = {
  name: "training-estimate",
  payload: Payload,
  state: State,
};

/** Estimates as jobs: loading a model and timing it takes minutes, longer than a request should wait. */
export function createEstimates(deps: TrainingDeps, { estimate }: Pick<RunQuestions, "estimate">) {
  const { db, jobs } = deps;
  const handler: Estimating = {
    concurrency: 1,
    maxTries: 2,
    run: ({ scope, payload, signal, report }) => estimate(scope, payload.config, { signal, report }),
  };
  jobs.register(estimateJob, handler);

  return {
    /** Throws what is wrong with the configuration, the data or the trainer before a job is made. */
    async start(scope: Scope, config: TrainingConfig): Promise<{ jobId: string }> {
      await requireParts(deps, scope, config);
      const title = `Estimate ${config.name ?? config.base_model}`.slice(0, 200);
      const order = { kind: estimateJob, payload: { config }, title };
      return db.transaction(async (tx) => ({ jobId: await jobs.send(tx, scope, order) }));
    },

    async get(scope: Scope, jobId: string): Promise<{ estimate: TrainingEstimate | null }> {
      const { kind, result } = await jobs.get(scope, jobId);
      if (kind !== estimateJob.name) throw notFound("estimate", jobId);
      return { estimate: result === null ? null : TrainingEstimate.parse(result) };
    },
  };
}

async function requireParts(deps: TrainingDeps, scope: Scope, config: TrainingConfig): Promise<void> {
  const provider = providerOf(config);
  if (provider !== null) await requireConnection(deps, scope.projectId, provider.connection);
  else {
    await requirePython(deps);
    await deps.registry.baseFor(scope, config.base_model);
  }
  for (const { ref } of config.datasets) await openSource(deps, scope, ref);
}
