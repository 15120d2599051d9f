/** Lines or bars of a chart over time, one value for each of its times. */
export type Series = {
  label: string;
  /** A CSS variable, such as `--series-1`. */
  color: string;
  kind: "line" | "bars" | "area";
  values: readonly (number | null)[];
  /** The same series in the previous period, step by step, drawn as a dashed line. */
  before?: readonly (number | null)[];
  /** The value for the whole time range, shown next to the label. */
  summary?: string;
  /** Where it is drawn, when that is not at its values: on top of another one. */
  drawn?: readonly (number | null)[];
  /** The same for what was before; null where it is part of another line. */
  drawnBefore?: readonly (number | null)[] | null;
};

export type PlotProps = {
  /** The start of each bucket, in seconds. */
  times: readonly number[];
  /** How long a bucket is, in seconds. */
  bucketSeconds: number;
  series: readonly Series[];
  format: (value: number) => string;
  /** The same for the axis, where numbers are round; `format` when unset. */
  formatTick?: (value: number) => string;
  height: number;
  /** The values are counts: an axis between 0 and 1 would make no sense. */
  isCount?: boolean;
  /** A shaded part of the time. */
  shade?: { readonly from: Date; readonly to: Date };
  /** One more line under the hovered numbers of a bucket. */
  footnote?: (row: number) => string | undefined;
  /** A drag chose this time. */
  onZoom: (from: Date, to: Date) => void;
  /** Called when a click selects this time. */
  onOpen: (from: Date, to: Date) => void;
};

/** Whether anything was measured at all. */
export const hasValues = (series: readonly Series[]): boolean =>
  series.some(({ values, before = [] }) => [...values, ...before].some((value) => value !== null));
