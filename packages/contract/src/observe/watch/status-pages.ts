import { z } from "zod";
import { Done, Name, PageQuery, pageOf, Timestamp } from "../../pages.ts";
import { defineApi } from "../../route.ts";

export const STATUS_STATES = ["operational", "degraded", "outage", "unknown"] as const;
const StatusState = z.enum(STATUS_STATES);

const slug = z
  .string()
  .min(3)
  .max(60)
  .regex(/^[a-z0-9](?:[a-z0-9-]*[a-z0-9])$/, "must be lower-case letters, digits and hyphens, such as `shop-status`");

export const StatusComponentInput = z.strictObject({
  name: Name.describe("The public name."),
  sloId: z.string().min(1).max(100).describe("Its state and uptime come from this SLO."),
});

export const StatusPageInput = z.strictObject({
  isEnabled: z.boolean().describe("Anyone who has the address can read an enabled page."),
  slug: slug
    .nullable()
    .default(null)
    .describe("The last part of the address. Null creates one that cannot be guessed."),
  title: Name,
  description: z.string().max(1_000).default(""),
  components: z.array(StatusComponentInput).max(30).default([]),
  showsRequests: z.boolean().default(false).describe("Shows the number of requests of each day."),
});
export type StatusPageInput = z.output<typeof StatusPageInput>;

export const StatusPage = z.object({
  isEnabled: z.boolean(),
  slug: z.string().nullable(),
  path: z.string().nullable().describe("The address on this server. Null if the page is off."),
  title: z.string(),
  description: z.string(),
  components: z.array(z.object({ name: z.string(), sloId: z.string() })),
  showsRequests: z.boolean(),
  updatedAt: Timestamp.nullable().describe("Null if the page was never stored."),
});
export type StatusPage = z.output<typeof StatusPage>;

export const NOTE_STATES = ["investigating", "identified", "monitoring", "resolved"] as const;
const NoteState = z.enum(NOTE_STATES);

const NoteUpdateInput = z.strictObject({
  state: NoteState,
  text: z.string().trim().min(1).max(5_000).describe("Plain text. Everyone can read it."),
});
export const NoteUpdate = z.object({ state: NoteState, text: z.string(), at: Timestamp });
export type NoteUpdate = z.output<typeof NoteUpdate>;

export const StatusNoteInput = z.strictObject({
  title: Name,
  components: z.array(Name).max(30).default([]).describe("Names of components of the page."),
  ...NoteUpdateInput.shape,
});
export type StatusNoteInput = z.output<typeof StatusNoteInput>;

export const StatusNote = z.object({
  noteId: z.string(),
  title: z.string(),
  components: z.array(z.string()),
  state: NoteState,
  updates: z.array(NoteUpdate).describe("Newest first."),
  createdAt: Timestamp,
  resolvedAt: Timestamp.nullable(),
});
export type StatusNote = z.output<typeof StatusNote>;

/** What everyone can read. It names no model, filter, project, price or person. */
export const PublicStatus = z.object({
  slug: z.string(),
  title: z.string(),
  description: z.string(),
  state: StatusState.describe("The worst state of the components."),
  at: Timestamp,
  components: z.array(
    z.object({
      name: z.string(),
      state: StatusState,
      measure: z.string().describe("What uptime means here."),
      uptime: z.number().nullable().describe("The share of good requests of the days. Null without requests."),
      days: z.array(
        z.object({
          day: z.string(),
          state: StatusState,
          uptime: z.number().nullable(),
          requests: z.number().nullable().describe("Null unless the page shows numbers of requests."),
        }),
      ),
    }),
  ),
  notes: z.array(StatusNote.omit({ noteId: true })).describe("Open notes first, then notes of the last 90 days."),
});
export type PublicStatus = z.output<typeof PublicStatus>;

const ofNote = z.object({ noteId: z.string().max(100) });
const ofSlug = z.object({ slug: z.string().max(100) });

export const statusPagesApi = defineApi({
  "GET /api/v1/status-page": {
    name: "getStatusPage",
    summary: "The settings of the project's public status page",
    permission: "projects:read",
    response: StatusPage,
  },
  "PUT /api/v1/status-page": {
    name: "updateStatusPage",
    summary: "Change the public status page, or turn it on or off",
    permission: "projects:write",
    body: StatusPageInput,
    example: { isEnabled: true, slug: "shop-status", title: "Shop", components: [] },
    response: StatusPage,
  },
  "GET /api/v1/status-notes": {
    name: "listStatusNotes",
    summary: "The notes of the status page, newest first",
    permission: "incidents:read",
    query: PageQuery,
    response: pageOf(StatusNote),
  },
  "POST /api/v1/status-notes": {
    name: "createStatusNote",
    summary: "Publish a note on the status page",
    permission: "incidents:write",
    body: StatusNoteInput,
    example: { title: "Slow answers", state: "investigating", text: "We look into slow answers." },
    response: StatusNote,
    status: 201,
  },
  "POST /api/v1/status-notes/:noteId/updates": {
    name: "addStatusNoteUpdate",
    summary: "Add an update to a note; the state `resolved` closes it",
    permission: "incidents:write",
    params: ofNote,
    body: NoteUpdateInput,
    example: { state: "resolved", text: "Answers are fast again." },
    response: StatusNote,
    status: 201,
  },
  "DELETE /api/v1/status-notes/:noteId": {
    name: "deleteStatusNote",
    summary: "Delete a note with its updates",
    permission: "incidents:write",
    params: ofNote,
    response: Done,
  },
  "GET /api/v1/public/status/:slug": {
    name: "getPublicStatus",
    summary: "A public status page as JSON",
    permission: "public",
    description: "An address can send 120 requests a minute. The response is at most a minute old.",
    params: ofSlug,
    response: PublicStatus,
  },
  "GET /status/:slug": {
    name: "getPublicStatusPage",
    summary: "A public status page as HTML",
    permission: "public",
    params: ofSlug,
    response: z.unknown(),
    answer: "file",
  },
});
