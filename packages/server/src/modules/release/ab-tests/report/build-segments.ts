import type { AbTestSegment, AbTestSegments } from "@treadle/contract";
import type { ArmsData } from "../stores/arm-data.ts";
import { buildArms, comparisonsOf, type View } from "./build-report.ts";

const MOST_SEGMENTS = 20;

/** The report of each segment. The alpha is divided by all comparisons of all segments, so that none is found by looking at many. */
export function buildSegments(view: View, by: string, segments: ReadonlyMap<string, ArmsData>): AbTestSegments {
  const sorted = [...segments].toSorted(([one, left], [other, right]) => {
    const difference = unitsOf(right) - unitsOf(left);
    return difference === 0 ? one.localeCompare(other) : difference;
  });
  const shown = sorted.slice(0, MOST_SEGMENTS);
  const comparisons = comparisonsOf(view) * Math.max(1, shown.length);
  const alpha = view.alpha / comparisons;
  // The users' past was added up over all segments, so it does not fit one of them.
  const plain = { ...view, past: new Map() };
  const items = shown.map(([segment, arms]) => ({ segment, arms: buildArms(plain, arms, alpha) }));
  return { by, alpha, comparisons, segments: items, leftOut: sorted.length - shown.length, worst: findWorst(items) };
}

const unitsOf = (arms: ArmsData): number => [...arms.values()].reduce((sum, { units }) => sum + units, 0);

/** The largest harm in multiples of its margin, among those that are shown. */
function findWorst(items: readonly AbTestSegment[]): AbTestSegments["worst"] {
  const harms = items.flatMap(({ segment, arms }) =>
    arms.flatMap(({ variant, metrics }) =>
      metrics.flatMap(({ key, verdict, lowerBound, margin }) =>
        verdict === "worse" && lowerBound !== null
          ? [{ segment, variant, key, lowerBound, size: lowerBound / margin }]
          : [],
      ),
    ),
  );
  const [first] = harms.toSorted((one, other) => other.size - one.size);
  if (!first) return null;
  const { size: _, ...worst } = first;
  return worst;
}
