import { countListedWords } from "@treadle/guards";
import type { ServerBootstrap } from "../bootstrap.ts";
import { systemClock as clock } from "../kernel/clock.ts";
import type { Module } from "../kernel/module.ts";
import { BUILTIN } from "../modules/build/models/index.ts";
import { detectLanguage } from "../modules/data/curation/index.ts";
import { openAnnotation, openHarvest } from "../modules/evaluate/annotation/index.ts";
import { openCalibration } from "../modules/evaluate/calibration/index.ts";
import { fromDatasets, fromPrompts, openExperiments } from "../modules/evaluate/experiments/index.ts";
import { openLiveAgreement } from "../modules/evaluate/live-agreement/index.ts";
import { openLiveRuns } from "../modules/evaluate/live-runs/index.ts";
import { type LiveScoring, openLiveScoring } from "../modules/evaluate/live-scoring/index.ts";
import { openPromptOptimisation, optimisedPrompts } from "../modules/evaluate/prompt-optimisation/index.ts";
import { openRedTeam } from "../modules/evaluate/red-team/index.ts";
import { type OpenScorersDeps, openScorers } from "../modules/evaluate/scorers/index.ts";
import { openTestSets } from "../modules/evaluate/test-sets/index.ts";
import type { RewardModels } from "../modules/train/training/index.ts";
import type { Stores } from "../stores.ts";
import type { Build } from "./build.ts";
import type { Data } from "./data.ts";
import { embedAs } from "./knowledge/embed-as.ts";
import type { Observe } from "./observe.ts";
import type { System } from "./system.ts";
import type { Watch } from "./watch.ts";

type Below = System &
  Pick<Observe, "traces" | "feedback"> &
  Pick<Build, "prompts" | "gateway" | "guards" | "guardPreviews" | "guardDetectors"> &
  Pick<Watch, "incidents"> &
  Pick<Data, "datasets"> & { readonly rewardModels: Module<RewardModels> };

/** Scorers, and what scores with them: experiments, people, and rules for live traces. */
export function openEvaluate(_ground: ServerBootstrap, stores: Stores, below: Below) {
  const { columnar, jobs } = stores;
  const audit = below.audit.api;
  const traces = below.traces.api;
  const datasets = below.datasets.api;
  const prompts = below.prompts.api;
  const { complete, priceOf } = below.gateway.api;
  const shared = { db: stores.postgres.db, jobs, audit, clock, namesOf: below.projects.api.namesOf };

  const scorers = openScorers({
    ...shared,
    ...toolsOf(stores),
    checkGuards: below.guards.api.check,
    complete: (scope, request, signal) => complete(scope, request, { signal, headers: EVALUATION }),
    reward: below.rewardModels.api.score,
  });
  const asking = { ...shared, scorers: scorers.api, complete, priceOf, datasets: fromDatasets(datasets) };
  const { openChosen: openGuards } = below.guards.api;
  const experiments = openExperiments({ ...asking, prompts: fromPrompts(prompts), openGuards });
  const { runs, ask, judged } = experiments.api;
  const judging = { ...shared, columnar, scorers: scorers.api };
  const endChecks: Parameters<typeof openLiveScoring>[0]["endChecks"] = async (...rule) => {
    await checks.liveAgreement.api.endRule(...rule);
    await liveRuns.api.endRule(...rule);
  };
  const liveScoring = openLiveScoring({ ...judging, traces, endChecks });
  const liveRuns = openLiveRuns({ ...shared, rules: liveScoring.api, runs });
  const checks = openJudgeChecks({
    ...judging,
    datasets: datasets.whole,
    judged,
    ask,
    live: liveScoring.api,
    incidents: below.incidents.api.sink,
  });
  const embed = embedAs(stores, "annotation");
  const annotation = openAnnotation({
    ...shared,
    columnar,
    traces,
    datasets: asking.datasets,
    runs,
    findings: { ...below.guardPreviews.api, ...below.guardDetectors.api },
    ask,
    random: Math.random,
    embed,
  });
  return {
    scorers,
    experiments,
    annotation,
    harvest: openHarvest({
      ...shared,
      columnar,
      datasets,
      traces,
      feedback: below.feedback.api,
      annotation: annotation.api,
      ask,
      embed,
    }),
    promptOptimisation: openPromptOptimisation({ ...asking, prompts: optimisedPrompts(prompts), ask }),
    liveScoring,
    liveRuns,
    ...checks,
    testSets: openTestSets({ datasets }),
    redTeam: openRedTeam({ ...shared, complete, openGuards, priceOf, datasets, experiments: experiments.api }),
  };
}
type JudgeChecks = Parameters<typeof openCalibration>[0] &
  Pick<Parameters<typeof openLiveAgreement>[0], "incidents"> & { readonly live: LiveScoring };

/** What compares judges with people: once, and day by day on live traffic. */
function openJudgeChecks(deps: JudgeChecks) {
  const calibration = openCalibration(deps);
  const { newestForScore: newestCalibration } = calibration.api;
  return { calibration, liveAgreement: openLiveAgreement({ ...deps, rules: deps.live, newestCalibration }) };
}
export type Evaluate = ReturnType<typeof openEvaluate>;

/** The environment that calls of scorers carry. */
const EVALUATION = { "x-treadle-environment": "evaluation" };

/** Services for scorers: the local models, the sandbox for code, and outbound requests to other servers. */
const toolsOf = ({
  inference,
  sandbox,
  outbound,
}: Stores): Pick<OpenScorersDeps, "embed" | "logprobs" | "readTexts" | "sandbox" | "fetchOutside"> => ({
  async embed({ projectId: caller }, texts, signal) {
    return (await inference.embed({ modelId: BUILTIN.id, texts, caller }, signal)).vectors;
  },
  logprobs({ projectId: caller }, { question, ...text }, signal) {
    const prompt = question === null ? null : { messages: [{ role: "user" as const, text: question }] };
    return inference.logprobs({ ...text, prompt, caller }, signal);
  },
  readTexts: { language: detectLanguage, toxicWords: countListedWords },
  sandbox,
  fetchOutside: outbound.request,
});
