import { z } from "zod";
import { Done, PageQuery, pageOf } from "../../pages.ts";
import { defineApi } from "../../route.ts";
import {
  Incident,
  IncidentComment,
  IncidentEvent,
  IncidentInput,
  IncidentPatch,
  IncidentSourceKind,
  IncidentState,
} from "./incidents.ts";
import { IncidentSnapshot, IncidentSnapshotHead } from "./incidents-evidence.ts";
import { Severity } from "./monitors.ts";

const params = z.object({ incidentId: z.string().max(100) });
const commentParams = z.object({ commentId: z.string().max(100) });
const CommentText = z.string().trim().min(1).max(20_000);
const Note = z.strictObject({ note: z.string().trim().max(2_000).default("").describe("Shown in the timeline.") });

export const incidentsApi = defineApi({
  "GET /api/v1/incidents": {
    name: "listIncidents",
    summary: "The incidents, newest first",
    permission: "incidents:read",
    query: PageQuery.extend({
      state: z.enum([...IncidentState.options, "unresolved"]).optional(),
      severity: Severity.optional(),
      source: IncidentSourceKind.optional(),
      sourceId: z.string().max(100).optional().describe("For example the id of a monitor."),
      ownerId: z.string().max(100).optional().describe("`none` for incidents without an owner."),
      q: z.string().max(200).optional().describe("Text in the title, the text or the source's name."),
    }),
    response: pageOf(Incident),
  },
  "POST /api/v1/incidents": {
    name: "createIncident",
    summary: "Open an incident by hand",
    permission: "incidents:write",
    body: IncidentInput,
    example: { title: "Answers in the wrong language", severity: "warning", filter: "endpoint:support" },
    response: Incident,
    status: 201,
  },
  "GET /api/v1/incidents/:incidentId": {
    name: "getIncident",
    summary: "One incident",
    permission: "incidents:read",
    params,
    response: Incident,
  },
  "PATCH /api/v1/incidents/:incidentId": {
    name: "updateIncident",
    summary: "Change the title, text, severity, owner or runbook of an incident",
    permission: "incidents:write",
    params,
    body: IncidentPatch,
    response: Incident,
  },
  "POST /api/v1/incidents/:incidentId/acknowledge": {
    name: "acknowledgeIncident",
    summary: "Acknowledge an incident",
    permission: "incidents:write",
    params,
    body: Note,
    response: Incident,
  },
  "POST /api/v1/incidents/:incidentId/resolve": {
    name: "resolveIncident",
    summary: "Resolve an incident",
    permission: "incidents:write",
    params,
    body: Note,
    response: Incident,
  },
  "POST /api/v1/incidents/:incidentId/reopen": {
    name: "reopenIncident",
    summary: "Reopen a resolved incident",
    permission: "incidents:write",
    params,
    body: Note,
    response: Incident,
  },
  "GET /api/v1/incidents/:incidentId/events": {
    name: "listIncidentEvents",
    summary: "The timeline of an incident, oldest first",
    permission: "incidents:read",
    params,
    query: PageQuery,
    response: pageOf(IncidentEvent),
  },
});

/** What is known about the cause of an incident. */
export const incidentEvidenceApi = defineApi({
  "GET /api/v1/incidents/:incidentId/snapshots": {
    name: "listIncidentSnapshots",
    summary: "The snapshots of an incident's evidence, newest first",
    permission: "incidents:read",
    params,
    query: PageQuery,
    response: pageOf(IncidentSnapshotHead),
  },
  "POST /api/v1/incidents/:incidentId/snapshots": {
    name: "collectIncidentEvidence",
    summary: "Collect the evidence of an incident again, as another snapshot",
    permission: "incidents:write",
    params,
    response: IncidentSnapshotHead,
    status: 202,
  },
  "GET /api/v1/incidents/:incidentId/snapshots/:snapshotId": {
    name: "getIncidentSnapshot",
    summary: "One snapshot of an incident's evidence",
    permission: "incidents:read",
    params: params.extend({ snapshotId: z.string().max(100) }),
    response: IncidentSnapshot,
  },
  "GET /api/v1/incidents/:incidentId/export": {
    name: "exportIncident",
    summary: "An incident with its evidence, timeline and comments as Markdown",
    permission: "incidents:read",
    params,
    response: z.unknown(),
    answer: "file",
  },
});

export const incidentCommentsApi = defineApi({
  "GET /api/v1/incidents/:incidentId/comments": {
    name: "listIncidentComments",
    summary: "The comments on an incident, oldest first",
    permission: "incidents:read",
    params,
    query: PageQuery,
    response: pageOf(IncidentComment),
  },
  "POST /api/v1/incidents/:incidentId/comments": {
    name: "createIncidentComment",
    summary: "Comment on an incident",
    permission: "incidents:write",
    params,
    body: z.strictObject({ text: CommentText }),
    response: IncidentComment,
    status: 201,
  },
  "PATCH /api/v1/incident-comments/:commentId": {
    name: "updateIncidentComment",
    summary: "Change the text of your own comment on an incident",
    permission: "incidents:write",
    params: commentParams,
    body: z.strictObject({ text: CommentText }),
    response: IncidentComment,
  },
  "DELETE /api/v1/incident-comments/:commentId": {
    name: "deleteIncidentComment",
    summary: "Delete your own comment; users who can change members can delete any comment",
    permission: "incidents:write",
    params: commentParams,
    response: Done,
  },
});
