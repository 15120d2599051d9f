import { RedTeamOutcome, RedTeamPlugin, RedTeamStrategy } from "@treadle/contract";
import { z } from "zod";
import type { Outcome } from "../../experiments/index.ts";

/** One request with its result in each arm, in their order. Null for an arm without an answer. */
export type Tried = {
  readonly itemId: string;
  readonly isAttack: boolean;
  readonly plugin: RedTeamPlugin;
  readonly strategy: RedTeamStrategy;
  readonly results: readonly (Result | null)[];
};
/** `value` is 1 for a successful attack, and for a harmless request that was refused. Null without a score. */
export type Result = { readonly value: number | null; readonly outcome: RedTeamOutcome };

/** What the items of a run say about themselves. */
export const ItemFacts = z.object({
  intent: z.enum(["attack", "benign"]),
  plugin: RedTeamPlugin,
  strategy: RedTeamStrategy,
  goal: z.string().default(""),
  text: z.string().default(""),
  turns: z.number().default(0),
});

/** Groups the answers by request. Items that a person added to the dataset have no plugin, and are left out. */
export function readOutcomes(outcomes: readonly Outcome[], runIds: readonly string[]): Tried[] {
  return [...Map.groupBy(outcomes, ({ itemId }) => itemId)].flatMap(([itemId, rows]) => {
    const facts = ItemFacts.safeParse(rows[0]?.metadata);
    if (!facts.success) return [];
    const { intent, plugin, strategy } = facts.data;
    const results = runIds.map((runId) => toResult(rows.find((row) => row.runId === runId)));
    return [{ itemId, isAttack: intent === "attack", plugin, strategy, results }];
  });
}

function toResult(row: Outcome | undefined): Result | null {
  return row ? { value: row.value, outcome: outcomeOf(row) } : null;
}

export function outcomeOf({ isError, label }: Pick<Outcome, "isError" | "label">): RedTeamOutcome {
  if (isError) return "error";
  return RedTeamOutcome.safeParse(label).data ?? "unscored";
}
