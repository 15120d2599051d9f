import type uPlot from "uplot";

/** What is drawn behind and over the lines of a chart. */
export type PlotMarks = {
  /** The ends of an interval around each value. */
  readonly band?: { readonly lower: readonly (number | null)[]; readonly upper: readonly (number | null)[] };
  /** Horizontal lines with a label, such as thresholds. The colour is a CSS variable. */
  readonly limits?: readonly { readonly label: string; readonly value: number; readonly color: string }[];
  /** Times with a tinted background, in seconds. */
  readonly shades?: readonly { readonly from: number; readonly to: number; readonly color: string }[];
};

type Painted = { marks: PlotMarks; times: readonly number[]; color: (name: string) => string };

/** The share of the band that the axis has to show. One interval of two events must not flatten the chart. */
const SHOWN_BAND = 0.9;
const LEAST_WIDTH = 2;
const tint = (color: string, percent: number) => `color-mix(in srgb, ${color} ${percent}%, transparent)`;

/** The highest and the lowest value that the axis shows in addition to the lines. */
export function reachOf({ band, limits = [] }: PlotMarks): readonly [lowest: number, highest: number] {
  const ends = (band?.upper ?? []).filter((value) => value !== null).toSorted((one, other) => one - other);
  const end = ends[Math.floor((ends.length - 1) * SHOWN_BAND)];
  const values = [...limits.map(({ value }) => value), ...(end === undefined ? [] : [end])];
  return [Math.min(0, ...values), Math.max(0, ...values)];
}

/** The uPlot hooks that draw the marks. */
export function markHooks(painted: Painted | undefined): uPlot.Hooks.Arrays {
  if (!painted) return {};
  const inside = (paint: (plot: uPlot, painted: Painted) => void) => (plot: uPlot) => {
    const { left, top, width, height } = plot.bbox;
    plot.ctx.save();
    plot.ctx.beginPath();
    plot.ctx.rect(left, top, width, height);
    plot.ctx.clip();
    paint(plot, painted);
    plot.ctx.restore();
  };
  return { drawClear: [inside(paintShades), inside(paintBand)], draw: [inside(paintLimits)] };
}

function paintShades({ ctx, bbox, valToPos }: uPlot, { marks: { shades = [] }, color }: Painted) {
  for (const { from, to, color: name } of shades) {
    const left = valToPos(from, "x", true);
    ctx.fillStyle = tint(color(name), 14);
    ctx.fillRect(left, bbox.top, Math.max(LEAST_WIDTH * devicePixelRatio, valToPos(to, "x", true) - left), bbox.height);
  }
}

function paintBand(plot: uPlot, { marks: { band }, times, color }: Painted) {
  if (!band) return;
  plot.ctx.fillStyle = tint(color("--series-1"), 16);
  for (const rows of stretchesOf(band)) {
    const at = (row: number, value: number) =>
      [plot.valToPos(times[row] ?? 0, "x", true), plot.valToPos(value, "y", true)] as const;
    plot.ctx.beginPath();
    for (const row of rows) plot.ctx.lineTo(...at(row, band.upper[row] ?? 0));
    for (const row of rows.toReversed()) plot.ctx.lineTo(...at(row, band.lower[row] ?? 0));
    plot.ctx.closePath();
    plot.ctx.fill();
  }
}

/** The rows of each part of a band without a gap. */
export function stretchesOf({ lower, upper }: NonNullable<PlotMarks["band"]>): readonly (readonly number[])[] {
  const stretches: number[][] = [[]];
  for (const row of upper.keys()) {
    if (upper[row] == null || lower[row] == null) stretches.push([]);
    else stretches.at(-1)?.push(row);
  }
  return stretches.filter((rows) => rows.length > 0);
}

function paintLimits({ ctx, bbox, valToPos }: uPlot, { marks: { limits = [] }, color }: Painted) {
  const pixel = devicePixelRatio;
  ctx.font = `${11 * pixel}px 'Inter Variable'`;
  ctx.textAlign = "right";
  for (const { label, value, color: name } of limits) {
    const top = valToPos(value, "y", true);
    const right = bbox.left + bbox.width;
    ctx.strokeStyle = color(name);
    ctx.lineWidth = pixel;
    ctx.setLineDash([5 * pixel, 4 * pixel]);
    ctx.beginPath();
    ctx.moveTo(bbox.left, top);
    ctx.lineTo(right, top);
    ctx.stroke();
    // The label is above its line where there is room.
    const isHigh = top - bbox.top < 16 * pixel;
    ctx.textBaseline = isHigh ? "top" : "bottom";
    ctx.fillStyle = color(name);
    ctx.fillText(label, right - 4 * pixel, top + (isHigh ? 3 : -2) * pixel);
  }
}
