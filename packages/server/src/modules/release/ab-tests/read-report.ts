import type { AbTestReport, AbTestSegments } from "@treadle/contract";
import type { CovariateSums } from "@treadle/metrics";
import { DAY_MS } from "../../../kernel/day.ts";
import { scoresOf } from "../../observe/traces/index.ts";
import { keyOf, withBudget } from "../comparisons/index.ts";
import type { AbTestDeps } from "./deps.ts";
import { buildReport, type View } from "./report/build-report.ts";
import { buildSegments } from "./report/build-segments.ts";
import type { Goal } from "./shares/compute-shares.ts";
import type { AbTestRow } from "./stores/ab-test-store.ts";
import type { ArmData, ArmsData, Past } from "./stores/arm-data.ts";
import { type CountStore, createCountStore, EVERYWHERE, type SegmentBy, type Window } from "./stores/count-store.ts";

/** A span is stored when its call is over: younger ones are not all there, and the quick ones would be counted first. */
const SETTLED_MS = 5_000;
/** The same for the division of units, which a slow arm would bend. */
const DIVIDED_MS = 60_000;
/** How far back the users' own past reaches. */
const PAST_DAYS = 14;
const SCORES = scoresOf({ where: "name = {score:String}" });

/** Reads what a test has shown. Changes nothing. */
export function createReportReader({ columnar, clock }: Pick<AbTestDeps, "columnar" | "clock">) {
  const store = createCountStore(columnar);
  return {
    async report(row: AbTestRow): Promise<AbTestReport> {
      const viewed = viewOf(row, clock.now());
      const { view, window } = viewed;
      const arms = (await countArms(store, viewed, null)).get("") ?? new Map();
      const { forced, other_unit: otherUnit, outside: outsideHoldout } = await store.countLeftOut(window);
      const past = await readPast(store, viewed);
      const divided = await store.countDivided({ ...window, until: viewed.dividedUntil }, edgesOf(view, window.below));
      return buildReport(
        { ...view, past },
        { arms, excluded: { forced, otherUnit, outsideHoldout }, divided, now: viewed.now },
      );
    },

    goal: (row: AbTestRow): Promise<Goal | undefined> => readGoal(store, row, clock.now()),

    async segments(row: AbTestRow, by: string): Promise<AbTestSegments> {
      const viewed = viewOf(row, clock.now());
      return buildSegments(viewed.view, by, await countArms(store, viewed, readBy(by)));
    },
  };
}
export type ReportReader = ReturnType<typeof createReportReader>;

/** The goal of a test with adaptive shares, over all of its units. undefined for a fixed split. */
async function readGoal(store: CountStore, row: AbTestRow, now: number): Promise<Goal | undefined> {
  const viewed = viewOf(row, now);
  const { view, window } = viewed;
  const measure = view.metrics.find(({ metric }) => keyOf(metric) === row.plan.adaptive?.goal);
  if (!measure) return undefined;
  const all = { ...viewed, view: { ...view, metrics: [measure] }, window: { ...window, below: EVERYWHERE } };
  const strata = await countArms(store, all, { kind: "propensity" });
  return { measure, strata: new Map([...strata].map(([propensity, arms]) => [Number(propensity), arms])) };
}

type Viewed = {
  readonly view: View;
  readonly window: Window;
  readonly dividedUntil: number;
  readonly unit: string;
  readonly now: number;
};

function viewOf(row: AbTestRow, current: number): Viewed {
  const { plan, budgets } = row;
  const now = row.endedAt?.getTime() ?? current;
  const metrics = plan.metrics.map((measure) => withBudget(measure, budgets));
  return {
    view: { ...plan, metrics, abTestId: row.id, past: new Map() },
    window: {
      projectId: row.projectId,
      abTestId: row.id,
      endpoint: row.endpoint,
      unit: plan.unit,
      arms: plan.arms.map(({ variant }) => variant),
      from: row.startedAt?.getTime() ?? now,
      until: now - SETTLED_MS,
      below: plan.adaptive?.holdout ?? EVERYWHERE,
    },
    dividedUntil: now - DIVIDED_MS,
    unit: plan.unit,
    now,
  };
}

/** The units of each arm by segment, with scores that are old enough. */
async function countArms(store: CountStore, { view, window, now }: Viewed, by: SegmentBy) {
  const segments = new Map<string, ArmsData>(await store.countUnits(window, view.metrics, by));
  for (const { metric } of view.metrics) {
    if (metric.kind !== "score") continue;
    const until = Math.min(window.until, now - metric.maturityMinutes * 60_000);
    const scored = await store.countScores({ ...window, until }, { score: metric.name, table: SCORES }, by);
    for (const [segment, arms] of segments) segments.set(segment, withScores(arms, scored.get(segment)));
  }
  return segments;
}

const withScores = (arms: ArmsData, scored: ArmsData | undefined): ArmsData =>
  new Map(
    [...arms].map(([arm, data]): [string, ArmData] => {
      const metrics = new Map([...data.metrics, ...(scored?.get(arm)?.metrics ?? [])]);
      return [arm, { ...data, metrics }];
    }),
  );

/** Users have a past. The other units begin with the test. */
async function readPast(store: CountStore, { view, window, unit, now }: Viewed): Promise<ReadonlyMap<string, Past>> {
  const today = Math.floor(now / DAY_MS) * DAY_MS;
  if (unit !== "user" || today <= window.from) return new Map();
  const looked = { ...window, pastFrom: window.from - PAST_DAYS * DAY_MS };
  const fitted = await store.countCovariates({ ...looked, until: today }, view.metrics);
  const sums = await store.countCovariates(looked, view.metrics);
  return new Map(
    [...sums].map(([key, byArm]) => [key, { sums: byArm, fitted: addUp(fitted.get(key)?.values() ?? []) }]),
  );
}

const NO_SUMS: CovariateSums = { n: 0, x: 0, xx: 0, xy: 0, y: 0, yy: 0 };

const addUp = (all: Iterable<CovariateSums>): CovariateSums =>
  [...all].reduce(
    (sum, { n, x, xx, xy, y, yy }) => ({
      n: sum.n + n,
      x: sum.x + x,
      xx: sum.xx + xx,
      xy: sum.xy + xy,
      y: sum.y + y,
      yy: sum.yy + yy,
    }),
    NO_SUMS,
  );

/** The ends of the arms' shares, in their order. The last one is the end of the holdout or 1, whatever rounding gives. */
function edgesOf({ arms }: Pick<View, "arms">, below: number): number[] {
  const last = Math.min(1, below);
  let end = 0;
  return arms.map(({ share }, place) => {
    end += share;
    return place === arms.length - 1 ? last : end * last;
  });
}

const readBy = (by: string): SegmentBy =>
  by === "tag" ? { kind: "tag" } : { kind: "metadata", key: by.slice("metadata:".length) };
