import { z } from "zod";
import { StoredTime, Timestamp } from "../../pages.ts";
import { MeasureName } from "../explore.ts";
import { SpanFilterText } from "../filter/filter-text.ts";
import { IncidentSnapshotHead } from "./incidents-evidence.ts";
import { AlertLabels, Severity } from "./monitors.ts";

export const INCIDENT_STATES = ["open", "acknowledged", "resolved"] as const;
export const IncidentState = z.enum(INCIDENT_STATES);
export type IncidentState = z.output<typeof IncidentState>;

export const INCIDENT_SOURCES = ["monitor", "probe", "live-rule", "manual"] as const;
export const IncidentSourceKind = z.enum(INCIDENT_SOURCES);
export type IncidentSourceKind = z.output<typeof IncidentSourceKind>;

const Title = z.string().trim().min(1).max(300);
const Text = z.string().max(5_000);
const RunbookUrl = z
  .url({ protocol: /^https?$/ })
  .max(2_000)
  .nullable();

export const IncidentFact = z.object({ label: z.string(), value: z.string() });

/** A person in an incident. */
const Person = z.object({ actorId: z.string(), name: z.string() });

export const Incident = z.object({
  incidentId: z.string(),
  state: IncidentState,
  severity: Severity,
  title: z.string(),
  text: z.string(),
  source: z.object({
    kind: IncidentSourceKind,
    sourceId: z.string().describe("Empty for `manual`."),
    name: z.string(),
    series: z.string(),
  }),
  owner: Person.nullable(),
  labels: AlertLabels,
  facts: z.array(IncidentFact),
  filter: z.string().nullable(),
  measure: z.string().nullable(),
  runbookUrl: z.string().nullable(),
  isMuted: z.boolean().describe("It sends no notifications."),
  from: Timestamp.describe("The start of the affected time range."),
  openedAt: Timestamp,
  acknowledgedAt: Timestamp.nullable(),
  resolvedAt: Timestamp.nullable(),
  reopenings: z.number(),
  evidence: IncidentSnapshotHead.nullable().describe("The newest evidence."),
  updatedAt: Timestamp,
});
export type Incident = z.output<typeof Incident>;

export const INCIDENT_EVENTS = [
  "opened",
  "escalated",
  "severity",
  "acknowledged",
  "resolved",
  "reopened",
  "owner",
  "edited",
  "evidence",
  "rollout",
] as const;

/** One entry of the timeline. */
export const IncidentEvent = z.object({
  eventId: z.string(),
  at: Timestamp,
  kind: z.enum(INCIDENT_EVENTS),
  text: z.string(),
  actor: Person.describe("`system` for the source of the incident."),
  path: z.string().nullable().describe("A page of the web app."),
});
export type IncidentEvent = z.output<typeof IncidentEvent>;

/** An incident that a person opens. */
export const IncidentInput = z.strictObject({
  title: Title,
  text: Text.default(""),
  severity: Severity.default("warning"),
  from: StoredTime.optional().describe("The start of the affected time range. One hour ago if omitted."),
  filter: SpanFilterText.default("").describe("The affected spans in the filter language. Empty for all."),
  measure: MeasureName.default("errorRate").describe("The measure that the evidence explains."),
  ownerId: z.string().max(100).nullable().default(null),
  labels: AlertLabels.default({}),
  runbookUrl: RunbookUrl.default(null),
});
export type IncidentInput = z.output<typeof IncidentInput>;

export const IncidentPatch = z.strictObject({
  title: Title.optional(),
  text: Text.optional(),
  severity: Severity.optional(),
  ownerId: z.string().max(100).nullable().optional().describe("A member of the project. Null for no owner."),
  runbookUrl: RunbookUrl.optional(),
});
export type IncidentPatch = z.output<typeof IncidentPatch>;

export const IncidentComment = z.object({
  commentId: z.string(),
  text: z.string(),
  author: Person,
  isOwn: z.boolean(),
  createdAt: Timestamp,
  editedAt: Timestamp.nullable(),
});
export type IncidentComment = z.output<typeof IncidentComment>;
