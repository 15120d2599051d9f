import { z } from "zod";
import { Done, PageQuery, pageOf } from "../../pages.ts";
import { defineApi } from "../../route.ts";
import { Slo, SloDay, SloInput, SloPatch, SloPreview } from "./slos.ts";

const params = z.object({ sloId: z.string().max(100) });
const example = {
  name: "Support answers in time",
  endpoint: "support",
  indicator: { kind: "latency", thresholdMs: 2_000 },
  objective: 0.99,
};

export const slosApi = defineApi({
  "GET /api/v1/slos": {
    name: "listSlos",
    summary: "The SLOs of the project with their error budgets, by name",
    permission: "monitors:read",
    query: PageQuery.extend({ q: z.string().max(200).optional().describe("Text in the name or the endpoint.") }),
    response: pageOf(Slo),
  },
  "POST /api/v1/slos": {
    name: "createSlo",
    summary: "Create an SLO, and its burn-rate monitor if alerts are on",
    permission: "monitors:write",
    body: SloInput,
    example,
    response: Slo,
    status: 201,
  },
  "POST /api/v1/slo-previews": {
    name: "previewSlo",
    summary: "Compute an SLO over the stored requests, without storing it",
    permission: "monitors:read",
    body: SloInput,
    example,
    response: SloPreview,
  },
  "GET /api/v1/slos/:sloId": {
    name: "getSlo",
    summary: "One SLO with its error budget",
    permission: "monitors:read",
    params,
    response: Slo,
  },
  "PATCH /api/v1/slos/:sloId": {
    name: "updateSlo",
    summary: "Change an SLO; other requests or another indicator compute its history again",
    permission: "monitors:write",
    params,
    body: SloPatch,
    response: Slo,
  },
  "DELETE /api/v1/slos/:sloId": {
    name: "deleteSlo",
    summary: "Delete an SLO with its history and its monitor",
    permission: "monitors:write",
    params,
    response: Done,
  },
  "GET /api/v1/slos/:sloId/days": {
    name: "listSloDays",
    summary: "The last 90 days of an SLO, oldest first",
    permission: "monitors:read",
    params,
    response: pageOf(SloDay),
  },
});
