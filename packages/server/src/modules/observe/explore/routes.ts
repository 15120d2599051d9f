import { exploreApi } from "@treadle/contract";
import { mount } from "../../../platform/http/handlers.ts";
import type { Insights } from "./service.ts";

export const exploreRoutes = (insights: Insights) =>
  mount(exploreApi, {
    "POST /api/v1/span-metrics": ({ scope, body, signal }) => insights.measure(scope, body, signal),
    "POST /api/v1/sql": ({ scope, body, signal }) => insights.runSql(scope, body, signal),
    "GET /api/v1/sql/schema": ({ scope }) => insights.sqlSchema(scope),
    "GET /api/v1/spans/export": ({ scope, query, sink, signal }) =>
      insights.exports.spans({ scope, query, sink, signal }),
    "GET /api/v1/traces/export": ({ scope, query, sink, signal }) =>
      insights.exports.traces({ scope, query, sink, signal }),
  });
