import { setTimeout as pause } from "node:timers/promises";
import type { RequiredEvaluationInput } from "@treadle/contract";
import { z } from "zod";
import { AppError } from "../../../kernel/errors.ts";
import type { JobHandler, JobKind, JobRun } from "../../../platform/jobs/port.ts";
import { concludeEvaluation, type Part } from "./conclude-evaluation.ts";
import type { ModelEvaluationDeps } from "./deps.ts";
import { heldOutOf } from "./held-out.ts";
import { createRequiredStore } from "./store.ts";

const Payload = z.object({ name: z.string(), version: z.number() });
type Payload = z.output<typeof Payload>;
/** The experiments that were begun, in the order of the sets. */
const State = z.object({ experiments: z.array(z.string()) });
type State = z.output<typeof State>;
type Run = JobRun<Payload, State>;
export const evaluationJob: JobKind<Payload, State> = { name: "model-evaluation", payload: Payload, state: State };

const LOOK_MS = 1_000;

/**
 * Compares a version with its base on every set, one experiment after another, and stores the verdict with the version.
 */
export const createRunEvaluation = (deps: ModelEvaluationDeps): JobHandler<Payload, State> => ({
  concurrency: 1,
  async run(run) {
    const { scope, payload, signal } = run;
    const version = await deps.registry.find(scope, payload);
    const { slug, base } = version;
    if (slug === null || base === null) {
      const summary = base === null ? "It has no base model to compare with." : `It cannot run here: ${version.whyNot}`;
      await deps.registry.keep(scope, payload, { verdict: null, summary, experimentId: null, scores: [] });
      return { verdict: null, summary };
    }
    const required = (await createRequiredStore(deps.db).list(scope.projectId)).map(({ input }) => input);
    const sets = [...(await heldOutOf(deps, version, { scope, signal })), ...required];
    if (sets.length === 0) {
      const summary =
        "There is nothing to evaluate it on: the dataset has no held-out split, and the project has no required evaluation.";
      await deps.registry.keep(scope, payload, { verdict: null, summary, experimentId: null, scores: [] });
      return { verdict: null, summary };
    }
    const parts: Part[] = [];
    const experiments = [...(run.state?.experiments ?? [])];
    for (const [at, set] of sets.entries()) {
      run.report({ message: set.name, unit: "sets", done: at, total: sets.length });
      parts.push(await measure(deps, run, { at, set, pair: { slug, base }, experiments }));
    }
    const evaluation = concludeEvaluation(parts);
    await deps.registry.keep(scope, payload, evaluation);
    return { verdict: evaluation.verdict, summary: evaluation.summary };
  },
});

type Measured = {
  readonly at: number;
  readonly set: RequiredEvaluationInput;
  readonly pair: { readonly slug: string; readonly base: string };
  /** The started experiments; the next one is added. */
  readonly experiments: string[];
};

async function measure(deps: ModelEvaluationDeps, run: Run, { at, set, pair, experiments }: Measured): Promise<Part> {
  const { scope, signal, payload } = run;
  const experimentId = experiments[at] ?? (await begin());
  for (;;) {
    const { status, error, runs } = await deps.experiments.get(scope, experimentId);
    if (status === "failed" || status === "cancelled")
      throw new AppError("unprocessable", {
        message: `The experiment on "${set.name}" ${status === "failed" ? `failed: ${error}` : "was canceled."}`,
      });
    const [base, head] = runs;
    if (status === "done" && base && head) {
      const asked = { base: base.runId, heads: head.runId, margin: set.margin };
      const [compared] = (await deps.experiments.compare(scope, asked)).heads;
      if (!compared) throw new Error("the comparison has no head");
      return { name: set.name, experimentId, head: compared, scores: head.scores };
    }
    await pause(deps.lookMs ?? LOOK_MS, undefined, { signal });
  }

  async function begin(): Promise<string> {
    const { messages, parameters } = set;
    const shared = { prompt: null, messages, parameters };
    const started = await deps.experiments.start(scope, {
      name: `${payload.name}@${payload.version}: ${set.name}`.slice(0, 120),
      dataset: set.dataset,
      description: "Created automatically: this version next to the model that it was trained from.",
      variants: [
        { name: "base", model: pair.base, ...shared },
        { name: "trained", model: pair.slug, ...shared },
      ],
      scorers: set.scorers,
      repeats: 1,
      concurrency: 4,
      budget: { usd: null, tokens: 10_000_000 },
      cache: true,
      replay: false,
      stop: { precision: null, minItems: 100 },
      maxOutageSeconds: 600,
      baseline: null,
      suite: null,
      versions: {},
      source: { branch: null, commit: null, url: null },
      tags: ["model-evaluation"],
    });
    experiments.push(started.experimentId);
    await run.save({ experiments });
    return started.experimentId;
  }
}
