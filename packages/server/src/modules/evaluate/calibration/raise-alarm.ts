import type { CalibrationAlarm } from "@treadle/contract";
import { LEVEL } from "./build-report.ts";
import type { CalibrationDeps } from "./deps.ts";
import type { PairRow } from "./pair-store.ts";

type Compared = { readonly before: string; readonly old: readonly PairRow[]; readonly now: readonly PairRow[] };
const ALPHA = 0.05;

/** An alarm when a judge agrees with people less than before, by a paired test on the items of both; null when it does not. */
export async function raiseAlarm(
  { ask }: Pick<CalibrationDeps, "ask">,
  { before, old, now }: Compared,
): Promise<CalibrationAlarm | null> {
  const known = new Map(old.map(({ key, distance }) => [key, distance]));
  const pairs = now.flatMap(({ key, distance }) => {
    const was = known.get(key) ?? null;
    return was === null || distance === null ? [] : [{ was: agreementOf(was), is: agreementOf(distance) }];
  });
  if (pairs.length === 0) return null;
  const isBinary = pairs.every(({ was, is }) => [was, is].every((value) => value === 0 || value === 1));
  const [found] = await ask("compare", [
    {
      kind: isBinary ? "binary" : "number",
      base: pairs.map(({ was }) => was),
      head: pairs.map(({ is }) => is),
      margin: 0,
      alpha: ALPHA,
      higherIsBetter: true,
    },
  ]);
  if (!found || found.difference === null || found.verdict !== "worse") return null;
  const { difference, interval, pValue } = found;
  return {
    againstId: before,
    difference,
    interval: interval && { low: interval[0], high: interval[1], level: LEVEL },
    pValue,
    message: isBinary
      ? `The judge agrees with people on ${percent(-difference)} fewer of the ${pairs.length} anchor answers than before.`
      : `The judge's scores are further from human labels on the ${pairs.length} anchor answers than before.`,
  };
}

/** 1 for the same and 0 for something else; of numbers the further apart the lower. */
const agreementOf = (distance: number) => 1 - distance;
const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
