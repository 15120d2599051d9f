import type { ExperimentInput, ScorerRef } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import { createExperimentStore, type ExperimentRow } from "../stores/experiment-store.ts";
import { createRunStore, type RunRow } from "../stores/run-store.ts";
import type { AnsweringRun } from "./answer-item.ts";
import { openVariantGuards } from "./blocked-answer.ts";
import { createRequests, type FixedVariant } from "./build-request.ts";
import type { EvalDeps } from "./deps.ts";
import { recordingOf } from "./recording-of.ts";
import { createReplayRequests } from "./replay-request.ts";
import type { KeyedScorer } from "./score-answer.ts";

/** A run of an experiment with everything that it takes to answer. */
export type OpenRun = AnsweringRun & Pick<RunRow, "scorers" | "repeats">;
export type OpenExperiment = { readonly row: ExperimentRow; readonly runs: readonly OpenRun[] };

/** Opens what an experiment needs. Throws `not_found` for what is gone by now, such as the experiment itself. */
export async function openExperiment(
  { db, prompts, scorers, openGuards }: Pick<EvalDeps, "db" | "prompts" | "scorers" | "openGuards">,
  scope: Scope,
  experimentId: string,
): Promise<OpenExperiment> {
  const row = await createExperimentStore(db).find(scope.projectId, experimentId);
  if (!row) throw new AppError("not_found", { message: "The experiment was deleted." });
  const runs = await createRunStore(db).listOf(scope.projectId, [experimentId]);
  const keyed = await bindScorers(scorers, scope, runs[0] ?? { scorerRefs: [], scorers: [] });
  const { input } = row;
  const openRun = async (run: RunRow): Promise<OpenRun> => {
    const variant = fixedVariant(input, run);
    return {
      runId: run.id,
      variant,
      scorers: run.scorers,
      repeats: run.repeats,
      guards: await openVariantGuards(openGuards, scope, input.guards?.[run.ordinal]),
      ...answeringOf(prompts, scope, { variant, isReplay: input.replay }),
      keyed,
    };
  };
  return { row, runs: await Promise.all(runs.map(openRun)) };
}

/** How items become requests, and whether their recorded tools answer. */
const answeringOf = (
  prompts: EvalDeps["prompts"],
  scope: Scope,
  { variant, isReplay }: { readonly variant: FixedVariant; readonly isReplay: boolean | undefined },
): Pick<AnsweringRun, "request" | "recordingOf"> =>
  isReplay
    ? { request: createReplayRequests(prompts, scope, variant), recordingOf }
    : { request: createRequests(prompts, scope, variant) };

/** A variant as a run of it was answered. */
export function fixedVariant({ variants }: ExperimentInput, { ordinal, variant }: RunRow): FixedVariant {
  const asked = variants[ordinal];
  if (!asked || !variant?.model) throw new Error("A run of an experiment has a variant.");
  return {
    name: asked.name,
    messages: asked.messages,
    parameters: asked.parameters,
    model: variant.model,
    prompt: variant.prompt,
  };
}

/** Scorers as a run fixed them; their scores keep the names they had then. */
export async function bindScorers(
  scorers: EvalDeps["scorers"],
  scope: Scope,
  run: { readonly scorerRefs: readonly ScorerRef[]; readonly scorers: RunRow["scorers"] },
): Promise<KeyedScorer[]> {
  const bound = await scorers.bind(scope, run.scorerRefs);
  return bound.map((scorer, at) => ({ key: run.scorers[at]?.key ?? scorer.key, scorer }));
}
