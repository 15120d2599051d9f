import type { Experiment, ExperimentInput, ProbeEvaluation } from "@treadle/contract";
import type { ServerBootstrap } from "../bootstrap.ts";
import { systemClock as clock } from "../kernel/clock.ts";
import { isRecord } from "../kernel/is-record.ts";
import type { Scope } from "../kernel/scope.ts";
import type { Completion } from "../modules/build/gateway/index.ts";
import { type AskModel, type Evaluations, openProbes } from "../modules/observe/probes/index.ts";
import type { Stores } from "../stores.ts";
import type { Build } from "./build.ts";
import type { Evaluate } from "./evaluate.ts";
import type { System } from "./system.ts";
import type { Watch } from "./watch.ts";

type Below = System & Pick<Watch, "incidents"> & Pick<Build, "gateway"> & Pick<Evaluate, "experiments">;

/** Probes of hosted models. They call the gateway and repeat experiments, so they are opened after both. */
export function openProbing({ log }: ServerBootstrap, { columnar, jobs, postgres }: Stores, below: Below) {
  const { complete, priceOf, isEndpoint } = below.gateway.api;
  return {
    probes: openProbes({
      db: postgres.db,
      columnar,
      jobs,
      audit: below.audit.api,
      ask: async (scope, request, signal) => toAnswer(await complete(scope, request, { signal, headers: PROBE })),
      priceOf,
      isEndpoint,
      evaluations: evaluationsOf(below.experiments.api),
      incidents: below.incidents.api.sink,
      announce: below.notifications.api.announce,
      clock,
      log,
    }),
  };
}

/** Calls of probes have this environment, so that measures of traffic leave them out. */
const PROBE = { "x-treadle-environment": "probe", "x-treadle-tags": "probe" };

type Answered = Pick<Completion, "response"> & { readonly cost: Pick<Completion["cost"], "costUsd"> };

/** What a probe reads of an answer. */
export function toAnswer({ response, cost }: Answered): Awaited<ReturnType<AskModel>> {
  const [choice] = response.choices;
  const content = choice?.message.content;
  const reasoning = response.usage?.completion_tokens_details?.reasoning_tokens ?? 0;
  return {
    text: typeof content === "string" ? content : "",
    logprobs: firstTokenOf(choice?.logprobs),
    isReasoned: reasoning > 0 || Boolean(choice?.message.reasoning_content),
    costUsd: cost.costUsd,
  };
}

/** The log-probabilities of the first token, in the shape of OpenAI. */
function firstTokenOf(logprobs: unknown): Record<string, number> | null {
  const list = isRecord(logprobs) && Array.isArray(logprobs.content) ? logprobs.content : [];
  const [first] = list;
  const top = isRecord(first) && Array.isArray(first.top_logprobs) ? first.top_logprobs : [];
  const entries = top.flatMap((entry): [string, number][] =>
    isRecord(entry) && typeof entry.token === "string" && Number.isFinite(entry.logprob)
      ? [[entry.token, Number(entry.logprob)]]
      : [],
  );
  return entries.length === 0 ? null : Object.fromEntries(entries);
}

type Experiments = Evaluate["experiments"]["api"];

/** Repeats an experiment with the same items, and compares the run of its first variant. */
export const evaluationsOf = ({
  experiments,
  analysis,
}: Pick<Experiments, "experiments" | "analysis">): Evaluations => ({
  async check(scope, experimentId) {
    await experiments.get(scope, experimentId);
  },
  async start(scope, { experimentId, name, key }) {
    const before = await experiments.get(scope, experimentId);
    const after = await experiments.startOnce(repeating(scope), repeatOf(before, name), `probe ${key}`);
    return {
      status: "running",
      experimentId: after.experimentId,
      baseRunId: before.runs[0]?.runId ?? null,
      runId: after.runs[0]?.runId ?? null,
      message: "The pinned experiment is running again.",
    };
  },
  follow: (scope, evaluation) => follow({ experiments, analysis }, scope, evaluation),
});

/** Pinning an experiment needs the permissions to start it. */
const repeating = (scope: Scope): Scope => ({
  ...scope,
  permissions: new Set([...scope.permissions, "gateway:use", "experiments:write"]),
});

function repeatOf(experiment: Experiment, name: string): ExperimentInput {
  const { datasetId, root, split, filter, limit, seed } = experiment.dataset;
  const { scorers, repeats, concurrency, budget, stop, maxOutageSeconds, tags } = experiment;
  return {
    name,
    description: `Repeats ${experiment.name} after a probe found a change of the model.`,
    dataset: { datasetId, version: root, split, filter, limit, seed },
    variants: experiment.runs.flatMap((run) =>
      run.variant ? [{ ...run.variant, name: run.name, messages: messagesOf(run.variant.messages) }] : [],
    ),
    scorers,
    repeats,
    concurrency,
    budget,
    cache: false,
    replay: experiment.isReplay,
    stop,
    maxOutageSeconds,
    baseline: null,
    suite: null,
    source: { branch: null, commit: null, url: null },
    versions: {},
    tags,
  };
}

type Messages = NonNullable<ExperimentInput["variants"][number]["messages"]>;
const ROLES: ReadonlySet<string> = new Set(["system", "developer", "user", "assistant"]);
const messagesOf = (messages: readonly { role: string; content: string }[] | null): Messages | null =>
  messages === null ? null : (messages.filter(({ role }) => ROLES.has(role)) as Messages);

async function follow(
  { experiments, analysis }: Pick<Experiments, "experiments" | "analysis">,
  scope: Scope,
  evaluation: ProbeEvaluation,
): Promise<ProbeEvaluation> {
  const { experimentId, baseRunId, runId } = evaluation;
  if (experimentId === null || baseRunId === null || runId === null) return { ...evaluation, status: "failed" };
  const { status, error } = await experiments.get(scope, experimentId);
  if (status === "queued" || status === "running") return evaluation;
  if (status !== "done") return { ...evaluation, status: "failed", message: error ?? `The experiment is ${status}.` };
  const terms = { alpha: 0.05, margin: 0.02 };
  const { heads } = await analysis.compare(scope, { base: baseRunId, heads: runId, ...terms });
  const main = heads[0]?.scorers[0];
  const message = main
    ? `${main.name}: ${main.verdict} compared with before, over ${main.items} items.`
    : "No score to compare.";
  return { ...evaluation, status: "done", message };
}
