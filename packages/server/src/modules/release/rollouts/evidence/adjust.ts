import type { RolloutAdjustment, RolloutEvidence } from "@treadle/contract";
import { adjustSums, type CovariateSums, fitCovariateSums, LEAST_UNITS } from "@treadle/metrics";
import type { ArmCounts, Arms } from "../../comparisons/index.ts";
import type { StageCounts } from "./counts.ts";

/** What an adjustment subtracts. */
export type Fit = Pick<RolloutAdjustment, "slope" | "centre" | "fittedAt">;

/** The values of a metric as they are compared. */
export type Adjusted = { readonly counts: Arms<ArmCounts>; readonly fit: Fit; readonly units: Arms<number> };

type Moment = {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** The evidence of the look before, in the same stage. */
  readonly earlier: Pick<RolloutEvidence, "metrics"> | null;
};

/** The metrics that are adjusted by their units' past, by key. The others are compared as they are. */
export function adjustMetrics({ metrics, covariates }: StageCounts, { now, earlier }: Moment): Map<string, Adjusted> {
  const adjusted = new Map<string, Adjusted>();
  for (const [key, sums] of covariates) {
    const counts = metrics.get(key);
    const before = earlier?.metrics.find((finding) => finding.key === key)?.adjustment ?? null;
    const fit = findFit(sums, before, now);
    if (!counts || !fit) continue;
    adjusted.set(key, {
      fit,
      units: { candidate: sums.candidate.n, control: sums.control.n },
      counts: {
        candidate: subtract(counts.candidate, sums.candidate, fit),
        control: subtract(counts.control, sums.control, fit),
      },
    });
  }
  return adjusted;
}

/**
 * The fit of the day, so that it does not depend on when a rollout is looked at. The first one comes as soon as each arm has
 * enough units with a past. Null until then, and if the past is the same for all units.
 */
function findFit({ candidate, control }: Arms<CovariateSums>, before: Fit | null, now: number): Fit | null {
  const at = new Date(now).toISOString();
  if (before && dayOf(before.fittedAt) === dayOf(at)) return before;
  if (Math.min(candidate.n, control.n) < LEAST_UNITS) return null;
  const fitted = fitCovariateSums(addUp(candidate, control));
  return fitted && { slope: fitted.slope, centre: fitted.centre, fittedAt: at };
}

const dayOf = (time: string): string => time.slice(0, 10);

const addUp = (one: CovariateSums, other: CovariateSums): CovariateSums => ({
  n: one.n + other.n,
  x: one.x + other.x,
  xx: one.xx + other.xx,
  xy: one.xy + other.xy,
  y: one.y + other.y,
  yy: one.yy + other.yy,
});

const subtract = (counts: ArmCounts, sums: CovariateSums, { slope, centre }: Fit): ArmCounts =>
  adjustSums(counts, sums, { slope, centre });
