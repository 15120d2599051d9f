import { systemClock as clock } from "./kernel/clock.ts";
import { createAnnotation, createHarvest } from "./modules/annotation/index.ts";
import { createCalibration } from "./modules/calibration/index.ts";
import { countToxic, detectLanguage } from "./modules/curation/index.ts";
import { createEvals, fromDatasets, fromPrompts } from "./modules/evals/index.ts";
import type { createGateway } from "./modules/gateway/index.ts";
import { createLiveScoring } from "./modules/live-scoring/index.ts";
import { BUILTIN } from "./modules/models/index.ts";
import { createOptimisation, optimisedPrompts } from "./modules/optimisation/index.ts";
import { createScorers } from "./modules/scorers/index.ts";
import type { Traces } from "./modules/traces/index.ts";
import type { Stores } from "./stores.ts";

type EvaluationDeps = Omit<ScorerDeps, "complete"> & {
  readonly gateway: Pick<ReturnType<typeof createGateway>, "complete" | "priceOf">;
  readonly datasets: Parameters<typeof fromDatasets>[0] & HarvestDeps["datasets"];
  readonly feedback: HarvestDeps["feedback"];
  readonly prompts: Parameters<typeof fromPrompts>[0] & Parameters<typeof optimisedPrompts>[0];
  readonly traces: Traces;
};

/** Scorers, and what scores with them: experiments, and rules for what arrives. */
export function openEvaluation(
  stores: Stores,
  { datasets, prompts, gateway, traces, feedback, ...shared }: EvaluationDeps,
) {
  const { postgres, jobs, columnar } = stores;
  const { complete, priceOf } = gateway;
  const headers = { "x-treadle-environment": "evaluation" };
  const scorers = openScorers(stores, {
    ...shared,
    complete: (scope, request, signal) => complete(scope, request, { signal, headers }),
  });
  const asking = {
    db: postgres.db,
    jobs,
    clock,
    scorers,
    complete,
    priceOf,
    datasets: fromDatasets(datasets),
    ...shared,
  };
  const evals = createEvals({ ...asking, prompts: fromPrompts(prompts) });
  const optimisation = createOptimisation({ ...asking, prompts: optimisedPrompts(prompts), ask: evals.ask });
  const liveScoring = createLiveScoring({ db: postgres.db, columnar, jobs, clock, traces, scorers, ...shared });
  const calibration = createCalibration({
    ...{ db: postgres.db, columnar, jobs, clock, scorers, datasets: datasets.whole, ...shared },
    ...{ judged: evals.judged, ask: evals.ask, live: liveScoring },
  });
  const annotation = createAnnotation({
    ...{ db: postgres.db, columnar, jobs, clock, traces, datasets: asking.datasets, ...shared },
    ...{ runs: evals.runs, ask: evals.ask, random: Math.random, embed: embedFor(stores, "annotation") },
  });
  const harvest = openHarvest(stores, { datasets, traces, feedback, annotation, ask: evals.ask, ...shared });
  return { scorers, evals, annotation, harvest, optimisation, liveScoring, calibration };
}

type HarvestDeps = Parameters<typeof createHarvest>[0];

const openHarvest = (stores: Stores, deps: Omit<HarvestDeps, "db" | "columnar" | "clock" | "embed">) =>
  createHarvest({
    ...{ db: stores.postgres.db, columnar: stores.columnar, clock, ...deps },
    embed: embedFor(stores, "annotation"),
  });

/** Vectors of texts by the model that ships with the program. */
const embedFor =
  ({ inference }: Pick<Stores, "inference">, caller: string) =>
  async (texts: readonly string[], signal: AbortSignal) =>
    (await inference.embed({ modelId: BUILTIN.id, texts, caller }, signal)).vectors;

type ScorerDeps = Pick<Parameters<typeof createScorers>[0], "audit" | "namesOf" | "complete">;

/** Judges ask through the gateway; code runs where it can do no harm, and other servers are reached as webhooks are. */
const openScorers = ({ postgres: { db }, inference, sandbox, outbound }: Stores, deps: ScorerDeps) =>
  createScorers({
    ...{ db, clock, ...deps },
    async embed({ projectId }, texts, signal) {
      return (await inference.embed({ modelId: BUILTIN.id, texts, caller: projectId }, signal)).vectors;
    },
    logprobs({ projectId: caller }, { question, ...text }, signal) {
      const prompt = question === null ? null : { messages: [{ role: "user" as const, text: question }] };
      return inference.logprobs({ ...text, prompt, caller }, signal);
    },
    readTexts: { language: detectLanguage, toxicWords: countToxic },
    sandbox,
    fetchOutside: outbound.request,
  });
