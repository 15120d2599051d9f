/** A dashboard with a chart of every kind, in the import format. */
export const EVERY_KIND = {
  format: "treadle-dashboard",
  formatVersion: 1,
  name: "Every kind",
  charts: [
    {
      id: "cost",
      kind: "line",
      query: { measures: ["costUsd"], dimensions: ["time", "model"] },
      layout: { x: 0, y: 0, w: 6, h: 6 },
    },
    {
      id: "users",
      kind: "bar",
      query: { measures: ["costUsd"], dimensions: ["user"] },
      layout: { x: 6, y: 0, w: 6, h: 6 },
    },
    {
      id: "bands",
      kind: "heatmap",
      query: { measures: ["count"], dimensions: ["time", "latencyBand"], limit: 40 },
      layout: { x: 0, y: 6, w: 12, h: 6 },
    },
    {
      id: "errors",
      title: "A share with a title that goes on and on",
      kind: "number",
      query: { measures: ["errorRate"] },
      layout: { x: 6, y: 12, w: 3, h: 3 },
    },
    {
      id: "tags",
      kind: "table",
      query: { measures: ["costUsd", "requests"], dimensions: ["tag"] },
      layout: { x: 0, y: 12, w: 6, h: 6 },
    },
  ],
} as const;
