import { Chart, type Dashboard, type SpanMeasure } from "@treadle/contract";
import type { z } from "zod";

type Template = Pick<Dashboard, "id" | "name" | "description" | "charts">;

/** Charts are written as a caller would send them, so that they pass the same checks. */
const chart = (input: z.input<typeof Chart>): Chart => Chart.parse(input);
/** A row of four numbers across the top. */
const numbers = (measures: readonly (readonly [measure: SpanMeasure, title: string])[]) =>
  measures.map(([measure, title], place) =>
    chart({
      id: measure,
      title,
      kind: "number",
      query: { measures: [measure] },
      layout: { x: place * 3, y: 0, w: 3, h: 3 },
    }),
  );
const overTime = (id: string, { title, measures, by }: { title: string; measures: string[]; by?: string }, y: number) =>
  chart({
    id,
    title,
    kind: "line",
    query: { measures, dimensions: by === undefined ? ["time"] : ["time", by] },
    layout: { x: 0, y, w: 12, h: 6 },
  });
type Place = { readonly x: number; readonly y: number };
const ranking = (
  id: string,
  { title, measures, by }: { title: string; measures: string[]; by: string },
  { x, y }: Place,
) =>
  chart({ id, title, kind: "table", query: { measures, dimensions: [by], limit: 20 }, layout: { x, y, w: 6, h: 7 } });

const cost: Template = {
  id: "cost",
  name: "Cost",
  description: "What the calls cost, and who and what causes it.",
  charts: [
    ...numbers([
      ["costUsd", "Cost"],
      ["requests", "Model calls"],
      ["totalTokens", "Tokens"],
      ["cacheHitRate", "Answers from the cache"],
    ]),
    overTime("cost-by-model", { title: "Cost by model", measures: ["costUsd"], by: "model" }, 3),
    ranking("users", { title: "Users", measures: ["costUsd", "requests", "totalTokens"], by: "user" }, { x: 0, y: 9 }),
    ranking("tags", { title: "Tags", measures: ["costUsd", "requests", "totalTokens"], by: "tag" }, { x: 6, y: 9 }),
    ranking("endpoints", { title: "Endpoints", measures: ["costUsd", "requests"], by: "endpoint" }, { x: 0, y: 16 }),
    ranking("prompts", { title: "Prompts", measures: ["costUsd", "requests"], by: "prompt" }, { x: 6, y: 16 }),
  ],
};

const quality: Template = {
  id: "quality",
  name: "Quality",
  description: "What fails, where, and for whom.",
  charts: [
    ...numbers([
      ["errors", "Errors"],
      ["errorRate", "Error rate"],
      ["traces", "Traces"],
      ["users", "Users"],
    ]),
    chart({
      id: "errors-over-time",
      title: "Errors by type over time",
      kind: "bar",
      query: { measures: ["errors"], dimensions: ["time", "errorType"], where: { filter: "status:error" } },
      layout: { x: 0, y: 3, w: 12, h: 6 },
    }),
    chart({
      id: "failed-models",
      title: "Model calls that fail",
      kind: "table",
      query: {
        measures: ["errors", "errorRate", "requests"],
        dimensions: ["model"],
        where: { filter: "kind:generation,embedding" },
        limit: 20,
      },
      layout: { x: 0, y: 9, w: 6, h: 7 },
    }),
    ranking(
      "names",
      { title: "Steps that fail", measures: ["errors", "errorRate", "count"], by: "name" },
      { x: 6, y: 9 },
    ),
    chart({
      id: "errors-by-hour",
      title: "Errors by day and hour",
      kind: "heatmap",
      query: { measures: ["errors"], dimensions: ["dayOfWeek", "hourOfDay"], limit: 168 },
      layout: { x: 0, y: 16, w: 12, h: 6 },
    }),
  ],
};

const latency: Template = {
  id: "latency",
  name: "Latency",
  description: "How long calls take, and which are slow.",
  charts: [
    ...numbers([
      ["latencyP50Ms", "Median"],
      ["latencyP95Ms", "95th percentile"],
      ["latencyP99Ms", "99th percentile"],
      ["timeToFirstTokenP50Ms", "Time to first token"],
    ]),
    overTime("percentiles", { title: "Latency", measures: ["latencyP50Ms", "latencyP90Ms", "latencyP99Ms"] }, 3),
    chart({
      id: "bands",
      title: "Calls by latency over time",
      kind: "heatmap",
      query: { measures: ["count"], dimensions: ["time", "latencyBand"], limit: 40 },
      layout: { x: 0, y: 9, w: 12, h: 6 },
    }),
    ranking(
      "models",
      { title: "Models", measures: ["latencyP95Ms", "latencyP50Ms", "count"], by: "model" },
      { x: 0, y: 15 },
    ),
    ranking(
      "names",
      { title: "Steps", measures: ["latencyP95Ms", "latencyP50Ms", "count"], by: "name" },
      { x: 6, y: 15 },
    ),
  ],
};

/** Dashboards to begin with, in the order they are offered. */
export const DASHBOARD_TEMPLATES: Template[] = [cost, quality, latency];
