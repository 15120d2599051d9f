import type { ChartData } from "./chart-data.ts";

/** A curve over the steps of something, such as a loss. */
export type StepLine = {
  readonly label: string;
  /** A CSS variable, such as `--series-1`. */
  readonly color: string;
  /** Steps with their values, in order. */
  readonly points: readonly (readonly [step: number, value: number])[];
  /** Drawn with points, for values that are measured occasionally. */
  readonly isSparse?: boolean;
};

/** Aligns curves: every step of any curve, with each curve's value or null. */
export function alignLines(lines: readonly StepLine[]): { steps: number[]; values: (number | null)[][] } {
  const steps = [...new Set(lines.flatMap(({ points }) => points.map(([step]) => step)))].sort((a, b) => a - b);
  const places = new Map(steps.map((step, place) => [step, place]));
  const values = lines.map(({ points }) => {
    const row: (number | null)[] = Array.from({ length: steps.length }, () => null);
    for (const [step, value] of points) {
      const place = places.get(step);
      if (place !== undefined) row[place] = value;
    }
    return row;
  });
  return { steps, values };
}

/**
 * An exponential moving average, so that a noisy curve is readable. `weight` is from 0 (unchanged) to under 1. The
 * first values are not biased towards zero (Kingma & Ba 2015, section 3, describe the same correction).
 */
export function smooth(points: StepLine["points"], weight: number): StepLine["points"] {
  if (weight <= 0) return points;
  let mean = 0;
  let share = 0;
  return points.map(([step, value]) => {
    mean = weight * mean + (1 - weight) * value;
    share = weight * share + (1 - weight);
    return [step, mean / share] as const;
  });
}

/** Curves as a table. */
export function stepData(lines: readonly StepLine[], format: (value: number) => string): ChartData {
  const { steps, values } = alignLines(lines);
  return {
    columns: [{ label: "Step" }, ...lines.map(({ label }) => ({ label, format }))],
    rows: steps.map((step, row) => [step, ...values.map((line) => line[row] ?? null)]),
  };
}

/** A number at an axis without the zeros at its end, which say how exact a measured value is and there say nothing. */
export const trimTick = (text: string): string => (/^[-−]?\d+\.\d*0$/.test(text) ? text.replace(/\.?0+$/, "") : text);
