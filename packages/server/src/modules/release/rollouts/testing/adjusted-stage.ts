import type { RolloutFinding } from "@treadle/contract";
import type { CovariateSums, Random } from "@treadle/metrics";
import type { ArmCounts, Arms } from "../../comparisons/index.ts";
import type { StageCounts } from "../evidence/counts.ts";
import { type StageView, weighStage } from "../evidence/weigh-stage.ts";

/** How the units of a simulated stage behave. */
export type Habits = {
  /** The standard deviation of the units' past. */
  readonly past: number;
  /** The standard deviation of what the past does not explain. */
  readonly noise: number;
  /** What the candidate adds to a value. */
  readonly effect: number;
  /** The candidate's. */
  readonly share: number;
  /** How much of its past a unit repeats; 1 when left out. */
  readonly slope?: number;
  /** The probability that a unit has a past; 1 when left out. */
  readonly withPast?: number;
};

const KEY = "score:quality";
export const MARGIN = 0.01;
type Sums = { -readonly [Key in keyof CovariateSums]: number };
type Counts = { -readonly [Key in keyof ArmCounts]: number };

/** A stage whose units come one by one, each with a score that is better when lower. */
export function createStage({ past, noise, effect, share, slope = 1, withPast = 1 }: Habits, random: Random) {
  const counts = { candidate: noCounts(), control: noCounts() };
  const sums = { candidate: noSums(), control: noSums() };
  return {
    add(): void {
      const arm = random.next() < share ? "candidate" : "control";
      const x = 3 + past * normal(random);
      const y = 5 + slope * (x - 3) + noise * normal(random) + (arm === "candidate" ? effect : 0);
      addValue(counts[arm], y);
      if (random.next() < withPast) addPair(sums[arm], x, y);
    },
    counts: (): StageCounts => toStageCounts(counts, sums),
  };
}

const noCounts = (): Counts => ({ units: 0, sum: 0, squares: 0, flagged: 0, missing: 0 });
const noSums = (): Sums => ({ n: 0, x: 0, xx: 0, xy: 0, y: 0, yy: 0 });

const normal = (random: Random): number =>
  Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());

function addValue(counts: Counts, y: number) {
  counts.units += 1;
  counts.sum += y;
  counts.squares += y * y;
}

function addPair(sums: Sums, x: number, y: number) {
  sums.n += 1;
  sums.x += x;
  sums.xx += x * x;
  sums.xy += x * y;
  sums.y += y;
  sums.yy += y * y;
}

function toStageCounts(counts: Arms<ArmCounts>, sums: Arms<CovariateSums>): StageCounts {
  const units = { candidate: counts.candidate.units, control: counts.control.units };
  return {
    units,
    requests: units,
    excluded: { forced: 0, otherUnit: 0, otherShare: 0, changedVariant: 0, beganEarlier: 0 },
    divided: { inside: units.candidate, outside: units.control },
    configurations: { candidate: 1, control: 1 },
    metrics: new Map([[KEY, counts]]),
    covariates: new Map([[KEY, sums]]),
  };
}

type Moment = Partial<Pick<StageView, "now" | "earlier">> & { readonly share?: number };

/** A look at a rollout of one stage and one guardrail. */
export const viewOf = ({ now = 0, earlier = null, share = 0.5 }: Moment = {}): StageView => ({
  rolloutId: "rollout_1",
  stage: 0,
  controlPart: 1,
  finished: [],
  observedMs: 0,
  earlier,
  now,
  plan: {
    candidate: "new",
    control: "old",
    unit: "user",
    alpha: 0.05,
    maxDays: 14,
    monitors: [],
    onInconclusive: "pause",
    stages: [{ share, minUnits: 1_000, minMinutes: 60, needsApproval: false }],
    guardrails: [
      {
        metric: { kind: "score", name: "quality", maturityMinutes: 0 },
        direction: "lower",
        margin: MARGIN,
        action: "rollback",
        isRequired: true,
      },
    ],
  },
});

/** What the product finds in the counts. */
export const lookAt = (counts: StageCounts, view: StageView = viewOf()): RolloutFinding | undefined =>
  weighStage(view, counts).metrics[0];
