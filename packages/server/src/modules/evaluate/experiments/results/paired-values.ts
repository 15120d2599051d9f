import type { RunScorer } from "@treadle/contract";
import { isPassOrFail } from "@treadle/metrics";
import type { RunRow } from "../stores/run-store.ts";

export type ByItem = ReadonlyMap<string, number>;
/** Scores of the items that both runs have one for, place by place. */
export type Pairs = {
  readonly itemIds: readonly string[];
  readonly base: readonly number[];
  readonly head: readonly number[];
  /** Items that only one of both has a score for. */
  readonly leftOut: number;
};

/** In the order of the items' ids, so that the same runs give the same numbers each time. */
export function pairUp(base: ByItem, head: ByItem, isIn: (itemId: string) => boolean = () => true): Pairs {
  const itemIds = [...base.keys()].filter((itemId) => head.has(itemId) && isIn(itemId)).sort();
  return {
    itemIds,
    base: itemIds.map((itemId) => base.get(itemId) ?? 0),
    head: itemIds.map((itemId) => head.get(itemId) ?? 0),
    leftOut: base.size + head.size - 2 * itemIds.length,
  };
}

/** A share of a score's range in the score's own unit; of the base's mean where the range has no end. */
export function marginOf({ output }: Pick<RunScorer, "output">, share: number, base: readonly number[]): number {
  if (output.min !== null && output.max !== null) return share * (output.max - output.min);
  const mean = base.length === 0 ? 0 : base.reduce((sum, value) => sum + value, 0) / base.length;
  return share * Math.abs(mean);
}

/** How a score is compared: as pass or fail where every value is 0 or 1, whatever scored it, and otherwise as a number. */
export function testOf({ output }: Pick<RunScorer, "output">, { base, head }: Pick<Pairs, "base" | "head">) {
  const isBinary = isPassOrFail(
    { isPassOrFail: [...base, ...head].every((value) => value === 0 || value === 1) },
    output,
  );
  return {
    kind: output.type === "boolean" || isBinary ? ("binary" as const) : ("number" as const),
    higherIsBetter: isHigherBetter({ output }),
    ...(output.min !== null && output.max !== null && { bounds: [output.min, output.max] as const }),
    base,
    head,
  };
}

export const isHigherBetter = ({ output }: Pick<RunScorer, "output">): boolean => output.direction !== "lower";

export const toHead = (row: RunRow, experimentName: string | null) => ({
  runId: row.id,
  name: row.name,
  experimentId: row.experimentId,
  experimentName,
  source: row.source,
  createdAt: row.createdAt.toISOString(),
});
