import type { IncidentComparison } from "@treadle/contract";
import { DAY_MS } from "../../../../kernel/day.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import { whereSpans } from "../../traces/index.ts";
import type { Case, Subject } from "./case.ts";
import { choosePairs, testPairs, testValues, toComparison, wholeOf } from "./compare-windows.ts";
import { type MeasurePlan, planOf } from "./measure-plan.ts";
import type { Asked, Where } from "./span-source-store.ts";
import type { SpanStore, ValueSums } from "./span-store.ts";

const WEEK_MS = 7 * DAY_MS;

/** The measure over all dimensions, now and in both earlier time ranges. The main comparison is the first with spans. */
export async function compareAll(store: SpanStore, { scope, subject, signal }: Subject) {
  const measure = subject.measure ?? "errorRate";
  const plan = planOf(measure);
  const ranges = rangesOf(subject);
  const wheres = {
    now: whereOf(scope, subject, ranges.now),
    before: whereOf(scope, subject, ranges.before),
    week: whereOf(scope, subject, ranges.week),
  };
  const asked = { plan, limit: await readLimit(store, { scope, plan, wheres, signal }), signal };
  const now = await store.sumValues(scope.projectId, asked, wheres.now);
  const before = await store.sumValues(scope.projectId, asked, wheres.before);
  const week = await store.sumValues(scope.projectId, asked, wheres.week);
  const compare = createComparer(store, { scope, asked, now, where: wheres.now });
  const comparisons = [
    await compare({ against: "before", ...ranges.before, rows: before, where: wheres.before }),
    await compare({ against: "week", ...ranges.week, rows: week, where: wheres.week }),
  ];
  const main = comparisons.find((one) => one.before.n > 0) ?? comparisons[0] ?? null;
  return { measure, plan, asked, wheres, comparisons, main, now, before, week };
}

type Range = { readonly from: Date; readonly to: Date };
type Ranges = Readonly<Record<"now" | "before" | "week", Range>>;

function rangesOf({ from, to }: Case): Ranges {
  const length = to.getTime() - from.getTime();
  const moved = (ms: number): Range => ({ from: new Date(from.getTime() - ms), to: new Date(to.getTime() - ms) });
  return { now: { from, to }, before: moved(length), week: moved(WEEK_MS) };
}

const whereOf = ({ projectId }: Scope, { filter }: Case, { from, to }: Range): Where =>
  whereSpans(projectId, { ...(filter ? { filter } : {}), from: from.toISOString(), to: to.toISOString() });

export type Wheres = Readonly<Record<"now" | "before" | "week", Where>>;

/** From the first time range that has spans, beginning with the time before. */
async function readLimit(
  store: SpanStore,
  { scope, plan, wheres, signal }: { scope: Scope; plan: MeasurePlan; wheres: Wheres; signal: AbortSignal },
): Promise<number | null> {
  for (const where of [wheres.before, wheres.week, wheres.now]) {
    const limit = await store.readLimit(scope.projectId, { plan, signal }, where);
    if (limit !== null) return limit;
  }
  return null;
}

type Against = Range & {
  readonly against: IncidentComparison["against"];
  readonly rows: readonly ValueSums[];
  readonly where: Where;
};

function createComparer(
  store: SpanStore,
  { scope, asked, now, where }: { scope: Scope; asked: Asked; now: readonly ValueSums[]; where: Where },
) {
  const { plan } = asked;
  return async function compare({ rows, where: earlier, ...range }: Against): Promise<IncidentComparison> {
    const whole = wholeOf(now, rows);
    const singles = whole.before.n === 0 ? [] : testValues(plan, { now, before: rows });
    const pairs = choosePairs(plan, singles, whole);
    const pairsNow = await store.sumPairs(scope.projectId, asked, { where, pairs });
    const pairsBefore = await store.sumPairs(scope.projectId, asked, { where: earlier, pairs });
    const none = { n: 0, sum: 0, squares: 0 };
    const sums = pairs.map((_, place) => ({ now: pairsNow[place] ?? none, before: pairsBefore[place] ?? none }));
    const tested = [...singles, ...testPairs(plan, { pairs, sums, singles, whole })];
    return toComparison(plan, { range, whole, tested });
  };
}
