import { Chart, type Dashboard, type SpanMeasure } from "@treadle/contract";
import type { z } from "zod";

type Template = Pick<Dashboard, "name" | "description" | "charts"> & { readonly templateId: string };

/** Charts are written as a caller would send them, so that they pass the same checks. */
const chart = (input: z.input<typeof Chart>): Chart => Chart.parse(input);
/** Only model calls, as on the overview. Tools, retrievals and enclosing steps have their own latencies. */
const CALLS = { filter: "kind:generation,embedding" };
type Where = { readonly filter: string };

/** A row of four numbers across the top. */
const numbers = (measures: readonly (readonly [measure: SpanMeasure, title: string])[], where?: Where) =>
  measures.map(([measure, title], place) =>
    chart({
      id: measure,
      title,
      kind: "number",
      query: { measures: [measure], where },
      layout: { x: place * 3, y: 0, w: 3, h: 3 },
    }),
  );
type OverTime = { title: string; measures: string[]; by?: string; where?: Where };
const overTime = (id: string, { title, measures, by, where }: OverTime, y: number) =>
  chart({
    id,
    title,
    kind: "line",
    query: { measures, where, dimensions: by === undefined ? ["time"] : ["time", by] },
    layout: { x: 0, y, w: 12, h: 6 },
  });
type Place = { readonly x: number; readonly y: number };
type Ranking = { title: string; measures: string[]; by: string; where?: Where };
const ranking = (id: string, { title, measures, by, where }: Ranking, { x, y }: Place) => {
  const query = { measures, where, dimensions: [by], limit: 20 };
  return chart({ id, title, kind: "table", query, layout: { x, y, w: 6, h: 7 } });
};

const cost: Template = {
  templateId: "cost",
  name: "Cost",
  description: "What model calls cost, and which users and models cause the cost.",
  charts: [
    ...numbers([
      ["costUsd", "Cost"],
      ["requests", "Model calls"],
      ["totalTokens", "Tokens"],
      ["cacheHitRate", "Model calls from cache"],
    ]),
    overTime("cost-by-model", { title: "Cost by model", measures: ["costUsd"], by: "model" }, 3),
    ranking("users", { title: "Users", measures: ["costUsd", "requests", "totalTokens"], by: "user" }, { x: 0, y: 9 }),
    ranking("tags", { title: "Tags", measures: ["costUsd", "requests", "totalTokens"], by: "tag" }, { x: 6, y: 9 }),
    ranking("endpoints", { title: "Endpoints", measures: ["costUsd", "requests"], by: "endpoint" }, { x: 0, y: 16 }),
    ranking("prompts", { title: "Prompts", measures: ["costUsd", "requests"], by: "prompt" }, { x: 6, y: 16 }),
  ],
};

const quality: Template = {
  templateId: "quality",
  name: "Quality",
  description: "Failed spans, and where and when they happen.",
  charts: [
    ...numbers([
      ["errors", "Failed spans"],
      ["errorRate", "Span error rate"],
      ["traces", "Traces"],
      ["users", "Users"],
    ]),
    chart({
      id: "errors-over-time",
      title: "Failed spans by error type",
      kind: "bar",
      query: { measures: ["errors"], dimensions: ["time", "errorType"], where: { filter: "status:error" } },
      layout: { x: 0, y: 3, w: 12, h: 6 },
    }),
    chart({
      id: "failed-models",
      title: "Failed model calls",
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
      { title: "Failed spans by name", measures: ["errors", "errorRate", "count"], by: "name" },
      { x: 6, y: 9 },
    ),
    chart({
      id: "errors-by-hour",
      title: "Failed spans by day and hour",
      kind: "heatmap",
      query: { measures: ["errors"], dimensions: ["dayOfWeek", "hourOfDay"], limit: 168 },
      layout: { x: 0, y: 16, w: 12, h: 6 },
    }),
  ],
};

const latency: Template = {
  templateId: "latency",
  name: "Latency",
  description: "How long model calls take, and which calls are slow.",
  charts: [
    ...numbers(
      [
        ["latencyP50Ms", "Model calls, p50"],
        ["latencyP95Ms", "Model calls, p95"],
        ["latencyP99Ms", "Model calls, p99"],
        ["timeToFirstTokenP50Ms", "First token, p50"],
      ],
      CALLS,
    ),
    overTime(
      "percentiles",
      { title: "Latency of model calls", measures: ["latencyP50Ms", "latencyP90Ms", "latencyP99Ms"], where: CALLS },
      3,
    ),
    chart({
      id: "bands",
      title: "Model calls by latency",
      kind: "heatmap",
      query: { where: CALLS, measures: ["count"], dimensions: ["time", "latencyBand"], limit: 40 },
      layout: { x: 0, y: 9, w: 12, h: 6 },
    }),
    ranking(
      "models",
      { title: "Model calls by model", measures: ["latencyP95Ms", "latencyP50Ms", "count"], by: "model", where: CALLS },
      { x: 0, y: 15 },
    ),
    ranking(
      "names",
      { title: "All spans by name", measures: ["latencyP95Ms", "latencyP50Ms", "count"], by: "name" },
      { x: 6, y: 15 },
    ),
  ],
};

/** Calls that a guard policy applied to. */
const GUARDED = { filter: '-guardPolicy:""' };
const FOUND = { filter: '-guard:"",allow' };

const guards: Template = {
  templateId: "guards",
  name: "Guards",
  description: "How often guards find something, what they find, and what they block.",
  charts: [
    ...numbers([
      ["guardChecks", "Calls with guards"],
      ["guardRate", "Calls with findings"],
      ["guardBlocks", "Blocked calls"],
      ["latencyP95Ms", "Latency, p95"],
    ]),
    overTime("findings-by-kind", { title: "Findings by kind", measures: ["count"], by: "guardKind", where: FOUND }, 3),
    ranking(
      "endpoints",
      { title: "Endpoints", measures: ["guardRate", "guardBlocks", "guardChecks"], by: "endpoint", where: GUARDED },
      { x: 0, y: 9 },
    ),
    ranking(
      "policies",
      { title: "Policies", measures: ["guardRate", "guardBlocks", "guardChecks"], by: "guardPolicy", where: GUARDED },
      { x: 6, y: 9 },
    ),
    ranking(
      "kinds",
      { title: "Kinds of findings", measures: ["count"], by: "guardKind", where: FOUND },
      { x: 0, y: 16 },
    ),
    ranking("users", { title: "Users with findings", measures: ["count"], by: "user", where: FOUND }, { x: 6, y: 16 }),
    ranking(
      "languages",
      {
        title: "Languages",
        measures: ["guardRate", "guardBlocks", "guardChecks"],
        by: "guardLanguage",
        where: GUARDED,
      },
      { x: 0, y: 23 },
    ),
  ],
};

/** Dashboards to begin with, in the order they are offered. */
export const DASHBOARD_TEMPLATES: Template[] = [cost, quality, latency, guards];
