import { z } from "zod";
import { Done, Name, pageOf, StoredTime, Timestamp } from "../pages.ts";
import { defineApi } from "../route.ts";
import { SpanFilterText } from "./filter/filter-text.ts";

const Headers = z
  .record(z.string().min(1).max(200), z.string().max(4_000))
  .refine((headers) => Object.keys(headers).length <= 30, "must not be more than 30");

/** A place that a project's spans are sent on to. */
export const Forwarder = z.object({
  forwarderId: z.string(),
  name: z.string(),
  url: z.string(),
  headerNames: z.array(z.string()).describe("The values are encrypted and never returned."),
  filter: z.string(),
  includesContent: z.boolean(),
  isEnabled: z.boolean(),
  sentSpans: z.number(),
  refusedSpans: z.number().describe("The number of spans that the receiver rejected. They are not sent again."),
  lastSentAt: Timestamp.nullable(),
  lastError: z.string().describe("Why the last attempt failed. Empty if it succeeded."),
  nextTryAt: Timestamp.nullable(),
  createdAt: Timestamp,
  updatedAt: Timestamp,
});
export type Forwarder = z.infer<typeof Forwarder>;

const url = z.string().min(1).max(2_000).describe("The receiver's full URL, such as https://host/v1/traces.");
const headers = Headers.describe("Headers of each request, such as the receiver's key.");
const includesContent = z.boolean().describe("Whether to include inputs, outputs and tool arguments.");

export const ForwarderInput = z.strictObject({
  name: Name,
  url,
  headers: headers.default({}),
  filter: SpanFilterText.default("").describe("The spans to send, in the filter language. Empty for all."),
  includesContent: includesContent.default(true),
  isEnabled: z.boolean().default(true),
  since: StoredTime.optional().describe("Sends spans received since this time. Now if omitted."),
});
export type ForwarderInput = z.output<typeof ForwarderInput>;
export const ForwarderPatch = z.strictObject({
  name: Name.optional(),
  url: url.optional(),
  headers: headers.optional(),
  filter: SpanFilterText.optional(),
  includesContent: includesContent.optional(),
  isEnabled: z.boolean().optional(),
});
export type ForwarderPatch = z.output<typeof ForwarderPatch>;

const params = z.object({ forwarderId: z.string() });

export const forwardingApi = defineApi({
  "GET /api/v1/forwarders": {
    name: "listForwarders",
    summary: "The forwarders, and the progress of each",
    permission: "forwarding:read",
    response: pageOf(Forwarder),
  },
  "POST /api/v1/forwarders": {
    name: "createForwarder",
    summary: "Create a forwarder: send new spans to another OpenTelemetry receiver",
    permission: "forwarding:write",
    content: "required",
    body: ForwarderInput,
    example: { name: "Central collector", url: "https://otel.example.com/v1/traces" },
    response: Forwarder,
    status: 201,
  },
  "PATCH /api/v1/forwarders/:forwarderId": {
    name: "updateForwarder",
    summary: "Change a forwarder; its headers are erased if the host changes",
    permission: "forwarding:write",
    content: "required",
    params,
    body: ForwarderPatch,
    response: Forwarder,
  },
  "DELETE /api/v1/forwarders/:forwarderId": {
    name: "deleteForwarder",
    summary: "Delete a forwarder",
    permission: "forwarding:write",
    params,
    response: Done,
  },
  "POST /api/v1/forwarders/:forwarderId/test": {
    name: "testForwarder",
    summary: "Send a sample span to a forwarder and return the receiver's response",
    permission: "forwarding:write",
    params,
    response: z.object({ isTaken: z.boolean(), message: z.string() }),
  },
});
