import type { IncidentComparison, IncidentSegment } from "@treadle/contract";
import { ALPHA } from "./compare-windows.ts";
import { wordOf } from "./dimensions.ts";
import type { MeasurePlan } from "./measure-plan.ts";

/** A segment with a smaller part of the change does not explain it. */
const LEAST_PART = 0.25;
/** Of segments with about the same part of the change, the one with the fewest spans describes it best. */
const ABOUT_THE_SAME = 0.8;

/** The segment that the change lies in, or null if none stands out. */
export function findWorst(plan: MeasurePlan, { change, segments }: IncidentComparison): IncidentSegment | null {
  const direction = plan.worse === null ? Math.sign(change ?? 0) : plan.worse === "higher" ? 1 : -1;
  if (direction === 0) return null;
  const whole = (change ?? 0) * direction;
  const eligible = segments.filter(
    ({ q, isOutcome, change: part }) =>
      q !== null && q < ALPHA && !isOutcome && part * direction > 0 && part * direction >= LEAST_PART * whole,
  );
  const largest = Math.max(...eligible.map((one) => one.change * direction));
  const [worst = null] = eligible
    .filter((one) => one.change * direction >= ABOUT_THE_SAME * largest)
    .toSorted((a, b) => a.now.n - b.now.n || a.parts.length - b.parts.length);
  return worst;
}

type Told = {
  readonly plan: MeasurePlan;
  readonly events: string;
  readonly comparison: IncidentComparison | null;
  readonly worst: IncidentSegment | null;
};

/** What the comparison shows, and no more. */
export function describeChange({ plan, events, comparison, worst }: Told): string {
  if (comparison === null || comparison.now.value === null)
    return "There are no spans to compare in this time range, so nothing is known about the cause.";
  return [changeSentence(plan, comparison, events), segmentSentence(plan, comparison, worst)].join(" ");
}

function changeSentence(plan: MeasurePlan, { now, before, p, against }: IncidentComparison, events: string): string {
  const then = against === "week" ? "at the same time last week" : "in the time before";
  const what = plan.limit === null ? `The ${plan.name}` : `The ${plan.name} (${events})`;
  const value = `${show(plan, now.value)} (${spansOf(now.n)})`;
  if (before.value === null) return `${what} is ${value}. There are no spans ${then} to compare with.`;
  const earlier = `${show(plan, before.value)} (${spansOf(before.n)})`;
  if (p === null || p >= ALPHA) return `${what} is ${value}, and was ${earlier} ${then}. The difference may be chance.`;
  return `${what} ${(now.value ?? 0) > before.value ? "rose" : "fell"} to ${value} from ${earlier} ${then}.`;
}

function segmentSentence(plan: MeasurePlan, comparison: IncidentComparison, worst: IncidentSegment | null): string {
  if (worst === null)
    return comparison.tested === 0
      ? "There are too few spans to look for a cause."
      : `None of the ${comparison.tested} tested values stands out: the change is spread over the traffic, or there are too few spans to tell.`;
  const part = comparison.change ? worst.change / comparison.change : null;
  const much =
    part === null || part < 0 || part > 1.05
      ? "It is most visible"
      : `About ${Math.round(Math.min(1, part) * 100)} % of the change is`;
  const name = nameOf(worst);
  const inside = `${show(plan, worst.now.value)} of ${spansOf(worst.now.n)} now, ${worst.before.n === 0 ? "none before" : `${show(plan, worst.before.value)} before`}`;
  const amount = plan.kind === "rate" ? inside : inside.replace(" of ", " in ");
  const size = `${much} in ${name}: ${amount}.`;
  return `${size} This shows where the change is, not why.`;
}

/** `model "gpt-x" with release "v42"`. */
export const nameOf = ({ parts }: Pick<IncidentSegment, "parts">): string =>
  parts
    .map(({ dimension, value }) =>
      value === "" ? `spans without a ${wordOf(dimension)}` : `${wordOf(dimension)} "${value}"`,
    )
    .join(" with ");

const spansOf = (n: number): string => `${n.toLocaleString("en")} ${n === 1 ? "span" : "spans"}`;
const figure = (value: number, digits = 3): string =>
  Number(value.toPrecision(digits)).toLocaleString("en", { maximumFractionDigits: 6 });

/** A value of a plan with its unit. */
export function show({ unit }: Pick<MeasurePlan, "unit">, value: number | null): string {
  if (value === null) return "no value";
  if (unit === "ratio") return `${figure(value * 100)} %`;
  if (unit === "ms") return `${figure(value)} ms`;
  if (unit === "usd") return `$${figure(value)}`;
  return figure(value);
}
