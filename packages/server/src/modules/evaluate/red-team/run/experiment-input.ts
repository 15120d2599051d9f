import { ExperimentInput } from "@treadle/contract";
import type { VariantGuards } from "../../experiments/index.ts";
import type { RedTeamRow } from "../stores/red-team-store.ts";

/** Marks the experiment of a run, so that a restart finds it. */
export const tagOf = (redTeamRunId: string): string => `red-team:${redTeamRunId}`;

export const ATTACK_SUCCESS = "attack-success";
export const OVER_REFUSAL = "over-refusal";

/** One variant for each arm. They differ by their guards only. */
export function experimentOf(
  row: RedTeamRow,
  { version, usd }: { readonly version: string; readonly usd: number | null },
) {
  const { name, target, arms, judgeModel, concurrency } = row.input;
  const judge = judgeModel === null ? {} : { model: judgeModel };
  const input = ExperimentInput.parse({
    name: `Red team: ${name}`.slice(0, 120),
    description: "Generated attacks and harmless requests. The variants differ by their guards only.",
    dataset: { datasetId: row.datasetId, version },
    variants: arms.map((arm) => ({ name: arm.name, model: target.model, parameters: target.parameters })),
    scorers: [
      { kind: "red-team", params: { counts: "attacks", ...judge }, name: ATTACK_SUCCESS },
      { kind: "red-team", params: { counts: "over-refusals" }, name: OVER_REFUSAL },
    ],
    concurrency,
    budget: { usd, tokens: MOST_TOKENS },
    tags: [tagOf(row.id)],
  });
  const guards: VariantGuards[] = arms.map((arm) => arm.guards);
  return { input, guards };
}

/** Calls are limited before the run starts, so tokens need no limit of their own. */
const MOST_TOKENS = 1_000_000_000_000;
