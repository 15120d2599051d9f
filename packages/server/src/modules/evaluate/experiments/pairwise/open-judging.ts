import { createHash } from "node:crypto";
import type { PairwiseInput, PairwiseJudging } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import { familyOf } from "../../scorers/index.ts";
import type { Named } from "../results/compare-runs.ts";
import type { BoundScorer, EvalDeps } from "../run/deps.ts";
import { fixedRef } from "../start/start-experiment.ts";
import { createVerdictStore } from "./verdict-store.ts";

export type JudgingDeps = EvalDeps & { named(scope: Scope, runId: string): Promise<Named> };
export type RunPair = { readonly base: Named; readonly head: Named };
export type Opened = {
  /** With the judge's version filled in. */
  readonly input: PairwiseInput;
  readonly runs: readonly Named[];
  readonly pairs: readonly RunPair[];
  readonly scorer: BoundScorer;
  readonly judge: PairwiseJudging["judge"];
  readonly warnings: readonly string[];
};

const KIND = "pairwise";

/** Validates a pairwise comparison. Throws each problem with its place before any call. */
export async function openJudging(deps: JudgingDeps, scope: Scope, input: PairwiseInput): Promise<Opened> {
  const runs: Named[] = [];
  for (const id of input.runs) runs.push(await deps.named(scope, id));
  refuseOtherItems(runs);
  const scorer = await bindJudge(deps, scope, input);
  const model = String(scorer.params.model);
  return {
    input: { ...input, judge: fixedRef(scorer, input.judge) },
    runs,
    pairs: pairsOf(runs, input.pairing),
    scorer,
    judge: { name: scorer.key, version: scorer.version, model, signature: scorer.signature },
    warnings: warningsOf(runs, model),
  };
}

function refuseOtherItems([first, ...others]: readonly Named[]): void {
  const other = others.find(({ row }) => row.root !== first?.row.root || row.datasetId !== first.row.datasetId);
  if (!other) return;
  throw new AppError("unprocessable", {
    message: `The run "${other.row.name}" answered a different version of a dataset than "${first?.row.name}". Only answers to the same items can be compared.`,
    details: { param: "runs", runId: other.row.id },
  });
}

async function bindJudge({ scorers, priceOf }: JudgingDeps, scope: Scope, { judge }: PairwiseInput) {
  const [scorer] = await scorers.bind(scope, [judge]);
  if (!scorer) throw new AppError("internal");
  if (scorer.kind !== KIND)
    throw new AppError("unprocessable", {
      message: `judge: "${scorer.key}" is a scorer of the kind "${scorer.kind}". Name a scorer of the kind "${KIND}".`,
      details: { param: "judge" },
    });
  try {
    await priceOf(scope.projectId, { model: String(scorer.params.model), inputTokens: 1, outputTokens: 1 });
  } catch (error) {
    if (!(error instanceof AppError) || error.status >= 500) throw error;
    throw new AppError(error.code, {
      message: `judge: ${error.message}`,
      details: { param: "judge" },
      cause: error,
    });
  }
  return scorer;
}

function pairsOf(runs: readonly Named[], pairing: PairwiseInput["pairing"]): RunPair[] {
  const bases = pairing === "first" ? runs.slice(0, 1) : runs;
  return bases.flatMap((base, at) => runs.slice(at + 1).map((head) => ({ base, head })));
}

function warningsOf(runs: readonly Named[], judge: string): string[] {
  const family = familyOf(judge);
  const own = runs.filter(({ row }) => row.variant?.model && familyOf(row.variant.model) === family);
  const names = own.map(({ row }) => `"${row.name}"`).join(", ");
  const unfinished = runs.filter(({ row }) => row.status !== "done").map(({ row }) => `"${row.name}"`);
  return [
    own.length > 0 && own.length < runs.length
      ? `The judge ${judge} is from the same model family as ${names}. Judges tend to favor their own family.`
      : "",
    unfinished.length > 0 ? `Some answers are still missing: ${unfinished.join(", ")}.` : "",
  ].filter((words) => words !== "");
}

/** The items that all runs answered, in an order that is drawn: what is known of the first ones holds for all. */
export async function drawShared(
  { db }: Pick<EvalDeps, "db">,
  { runs, items, seed }: Pick<PairwiseInput, "runs" | "items" | "seed">,
): Promise<{ itemIds: string[]; leftOut: number }> {
  const { itemIds, leftOut } = await createVerdictStore(db).listShared(runs);
  if (itemIds.length === 0)
    throw new AppError("unprocessable", {
      message: "No item has an answer from every run, so there is nothing to compare.",
      details: { param: "runs" },
    });
  const drawn = itemIds
    .map((itemId) => ({ itemId, lot: createHash("sha256").update(`${seed} ${itemId}`).digest("hex") }))
    .sort((a, b) => (a.lot < b.lot ? -1 : 1))
    .map(({ itemId }) => itemId);
  return { itemIds: drawn.slice(0, items ?? drawn.length), leftOut };
}
