import type { Chart } from "@treadle/contract";
import { unitOf } from "../chart/measures.ts";
import { bottomOf, settle } from "./grid-layout.ts";

type Kind = Chart["kind"];
type Query = Chart["query"];

/** Changes the charts as they are at that moment. Changes with the same `what` in a row are undone together. */
export type ChangeCharts = (update: (charts: readonly Chart[]) => readonly Chart[], what?: string) => void;

/** The default of a new chart: the number of spans. */
export const newChart = (): Chart => ({
  id: newId(),
  title: "",
  kind: "line",
  query: { where: {}, measures: ["count"], dimensions: ["time"], limit: 5, rest: "other" },
  layout: { x: 0, y: 0, w: 6, h: 6 },
});

export const newId = (): string => crypto.randomUUID().slice(0, 8);

/** The charts and one more, below all others. */
export const addChart = (charts: readonly Chart[], chart: Chart): Chart[] =>
  settle([...charts, { ...chart, layout: { ...chart.layout, y: bottomOf(charts) } }]);

/** The charts and a copy of one of them, below all others. */
export const copyChart = (charts: readonly Chart[], chart: Chart): Chart[] =>
  addChart(charts, { ...chart, id: newId() });

/** A chart that was taken off lies where it was again, unless it is back already. */
export const putBack = (charts: readonly Chart[], chart: Chart): Chart[] =>
  charts.some(({ id }) => id === chart.id) ? [...charts] : settle([...charts, chart], chart.id);

export const replaceChart = (charts: readonly Chart[], chart: Chart): Chart[] =>
  charts.map((old) => (old.id === chart.id ? chart : old));

/** Sizes at which a kind reads well. */
const SIZES: Readonly<Record<Kind, { w: number; h: number }>> = {
  line: { w: 6, h: 6 },
  bar: { w: 6, h: 6 },
  table: { w: 6, h: 7 },
  number: { w: 3, h: 3 },
  heatmap: { w: 12, h: 6 },
};

/** The size that a chart gets with its kind. */
export const sizeFor = (kind: Kind): { w: number; h: number } => SIZES[kind];

/** The same question as far as another kind of chart can ask it, and what it lacks filled in. */
export function changeKind(chart: Chart, kind: Kind): Chart {
  return { ...chart, kind, query: { ...chart.query, ...partsFor(kind, chart.query) } };
}

function partsFor(kind: Kind, { dimensions, measures }: Query): Pick<Query, "dimensions" | "measures"> {
  const groups = dimensions.filter((name) => name !== "time");
  switch (kind) {
    case "line":
      return { measures: ofOneUnit(measures), dimensions: ["time", ...groups.slice(0, 2)] };
    case "bar":
      return { measures, dimensions: dimensions.length > 0 ? dimensions : ["model"] };
    case "table":
      return { measures, dimensions };
    case "number":
      return { measures, dimensions: [] };
    case "heatmap":
      return { measures: measures.slice(0, 1), dimensions: twoOf(dimensions) };
    default:
      return kind satisfies never;
  }
}

const twoOf = (dimensions: readonly string[]) => [...new Set([...dimensions, "time", "model"])].slice(0, 2);

/** Measures that can share an axis: those in the unit of the first. */
const ofOneUnit = (measures: readonly string[]): string[] =>
  measures.filter((name) => unitOf(name) === unitOf(measures[0] ?? "count"));

/** The same, but the last unit wins: a user who adds a measure with another unit wants to see it. */
export const ofLastUnit = (measures: readonly string[]): string[] =>
  measures.filter((name) => unitOf(name) === unitOf(measures.at(-1) ?? "count"));
