import { z } from "zod";
import { Done, PageQuery, pageOf } from "../../pages.ts";
import { defineApi } from "../../route.ts";
import {
  DriftDay,
  DriftDayReport,
  DriftReference,
  DriftRun,
  DriftWatch,
  DriftWatchInput,
  DriftWatchPatch,
} from "./drift.ts";
import { DriftInvestigation, DriftInvestigationPatch, InvestigationState } from "./drift-investigations.ts";

const params = z.object({ driftWatchId: z.string().max(100) });

export const driftApi = defineApi({
  "GET /api/v1/drift-watches": {
    name: "listDriftWatches",
    summary: "The drift watches, newest first",
    permission: "monitors:read",
    query: PageQuery,
    response: pageOf(DriftWatch),
  },
  "POST /api/v1/drift-watches": {
    name: "createDriftWatch",
    summary: "Watch the texts of an endpoint for drift",
    description: "Its first run starts immediately, for yesterday. Also needs `traces:read`.",
    permission: "monitors:write",
    content: "required",
    body: DriftWatchInput,
    example: { name: "Support questions", endpoint: "support", side: "inputs" },
    response: DriftWatch,
    status: 201,
  },
  "GET /api/v1/drift-watches/:driftWatchId": {
    name: "getDriftWatch",
    summary: "One drift watch",
    permission: "monitors:read",
    params,
    response: DriftWatch,
  },
  "PATCH /api/v1/drift-watches/:driftWatchId": {
    name: "updateDriftWatch",
    summary: "Change a drift watch",
    permission: "monitors:write",
    content: "required",
    params,
    body: DriftWatchPatch,
    response: DriftWatch,
  },
  "DELETE /api/v1/drift-watches/:driftWatchId": {
    name: "deleteDriftWatch",
    summary: "Delete a drift watch with its runs and investigations",
    permission: "monitors:write",
    params,
    response: Done,
  },
  "GET /api/v1/drift-watches/:driftWatchId/references": {
    name: "listDriftReferences",
    summary: "The versions of a watch's reference, newest first",
    permission: "monitors:read",
    params,
    query: PageQuery,
    response: pageOf(DriftReference),
  },
  "GET /api/v1/drift-watches/:driftWatchId/runs": {
    name: "listDriftRuns",
    summary: "The days of a drift watch with their signals, newest first",
    permission: "monitors:read",
    params,
    query: PageQuery,
    response: pageOf(DriftRun),
  },
  "POST /api/v1/drift-watches/:driftWatchId/runs": {
    name: "runDriftWatch",
    summary: "Compare a day with the reference now",
    description: "Replaces the result of the day. Also needs `traces:read`.",
    permission: "monitors:write",
    content: "required",
    params,
    body: z.strictObject({ day: DriftDay.optional().describe("In UTC. Yesterday if omitted.") }),
    example: { day: "2026-01-31" },
    response: DriftRun,
    status: 202,
  },
  "GET /api/v1/drift-watches/:driftWatchId/runs/:day": {
    name: "getDriftRun",
    summary: "One day of a drift watch with its words, clusters and example texts",
    permission: "monitors:read",
    params: params.extend({ day: DriftDay }),
    response: DriftDayReport,
  },
  "GET /api/v1/drift-investigations": {
    name: "listDriftInvestigations",
    summary: "The investigations of confirmed drift, newest first",
    permission: "monitors:read",
    query: PageQuery.extend({
      driftWatchId: z.string().max(100).optional(),
      state: InvestigationState.optional(),
    }),
    response: pageOf(DriftInvestigation),
  },
  "PATCH /api/v1/drift-investigations/:investigationId": {
    name: "updateDriftInvestigation",
    summary: "Explain, accept, close or assign an investigation",
    permission: "monitors:write",
    params: z.object({ investigationId: z.string().max(100) }),
    body: DriftInvestigationPatch,
    example: { state: "explained", note: "A new customer started on Monday." },
    response: DriftInvestigation,
  },
});
