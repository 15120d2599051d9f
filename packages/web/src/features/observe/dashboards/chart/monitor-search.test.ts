import { ChartQuery } from "@treadle/contract";
import { expect, test } from "vitest";
import { monitorSearch } from "./monitor-search.ts";

const chart = (fields: object) => ({ query: ChartQuery.parse({ measures: ["errorRate", "count"], ...fields }) });

test("a monitor of a chart has its first measure, its first group and both filters", () => {
  const grouped = chart({ dimensions: ["time", "endpoint"], where: { filter: "model:a" } });
  expect(monitorSearch(grouped, "kind:generation")).toEqual({
    measure: "errorRate",
    group: "endpoint",
    filter: "(model:a) (kind:generation)",
  });
  expect(monitorSearch(chart({ dimensions: ["time"] }), "")).toEqual({ measure: "errorRate" });
});
