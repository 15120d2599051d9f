import type { MonitorInput } from "@treadle/contract";
import type { SeriesBaseline } from "./baseline.ts";
import { judgeBurn, type Readings } from "./judge-burn.ts";
import { evidenceLimit, judgeChange } from "./judge-change.ts";
import { judgeThreshold } from "./judge-threshold.ts";
import { isEmpty } from "./reading.ts";
import { advance, type Evaluation, type Point, type SeriesMemory, type Step } from "./series-state.ts";
import type { Verdict } from "./verdict.ts";
import { stepSecondsOf } from "./windows.ts";

export type Plan = Pick<
  MonitorInput,
  "condition" | "windowSeconds" | "everySeconds" | "holdFor" | "recoverAfterSeconds" | "onNoData"
>;

/** What was read of one series. */
export type SeriesWindow = {
  readonly end: number;
  /** By the length of the window in seconds. Null if the values could not be read. */
  readonly readings: Readings | null;
  readonly baseline: SeriesBaseline | null;
};

const NOTHING: Point = { value: null, n: 0, lower: null, upper: null, expected: null, evidence: null };

/** One evaluation of one series. It depends on nothing but its arguments, so that a preview does the same as the server. */
export function evaluateSeries(plan: Plan, memory: SeriesMemory, window: SeriesWindow): Step {
  const { end, readings } = window;
  const without = (kind: "no-data" | "error"): Evaluation => ({
    end,
    kind,
    severity: null,
    isGood: true,
    point: NOTHING,
    detector: memory.detector,
  });
  if (readings === null) return advance(memory, without("error"), plan);
  const verdict = judge(plan, memory, { ...window, readings });
  if (verdict === null) return advance(memory, without("no-data"), plan);
  return advance(memory, { end, kind: "value", ...verdict }, plan);
}

/** Null without data. */
function judge(
  plan: Plan,
  { detector }: SeriesMemory,
  { end, readings, baseline }: SeriesWindow & { readonly readings: Readings },
): Verdict | null {
  const { condition, windowSeconds } = plan;
  if (condition.kind === "burn") return [...readings.values()].every(isEmpty) ? null : judgeBurn(condition, readings);
  const reading = readings.get(windowSeconds);
  if (reading === undefined || isEmpty(reading)) return null;
  if (condition.kind === "threshold") return judgeThreshold(condition, reading);
  const limit = evidenceLimit(condition, stepSecondsOf(plan));
  return judgeChange(condition, { reading, end, baseline, detector, limit });
}
