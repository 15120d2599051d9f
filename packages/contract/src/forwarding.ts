import { z } from "zod";
import { parseFilter } from "./filter.ts";
import { Done, Name, Timestamp } from "./pages.ts";
import { defineApi } from "./route.ts";

const Filter = z
  .string()
  .max(2_000)
  .refine(
    (text) => parseFilter(text).problems.length === 0,
    "is not a filter; see the guide on traces for the language",
  );

const Headers = z
  .record(z.string().min(1).max(200), z.string().max(4_000))
  .refine((headers) => Object.keys(headers).length <= 30, "must not be more than 30");

/** A place that a project's spans are sent on to. */
export const Forwarder = z.object({
  id: z.string(),
  name: z.string(),
  url: z.string(),
  headerNames: z.array(z.string()).describe("The values are kept encrypted and never read back."),
  filter: z.string(),
  includesContent: z.boolean(),
  isEnabled: z.boolean(),
  sentSpans: z.number(),
  refusedSpans: z.number().describe("Spans that the receiver did not take, and that are not sent again."),
  lastSentAt: Timestamp.nullable(),
  lastError: z.string().describe("Why the last try failed; empty when it did not."),
  nextTryAt: Timestamp.nullable(),
  createdAt: Timestamp,
  updatedAt: Timestamp,
});
export type Forwarder = z.infer<typeof Forwarder>;

const url = z.string().min(1).max(2_000).describe("The receiver's whole address, such as https://host/v1/traces.");
const headers = Headers.describe("Headers of each request, such as the receiver's key.");
const includesContent = z.boolean().describe("Whether inputs, outputs and tool arguments are sent too.");

export const ForwarderInput = z.strictObject({
  name: Name,
  url,
  headers: headers.default({}),
  filter: Filter.default("").describe("Which spans are sent, in the filter language; empty for all."),
  includesContent: includesContent.default(true),
  isEnabled: z.boolean().default(true),
  since: z.iso
    .datetime({ offset: true })
    .optional()
    .describe("Spans received from then on are sent; left out: from now."),
});
export type ForwarderInput = z.output<typeof ForwarderInput>;
export const ForwarderPatch = z.strictObject({
  name: Name.optional(),
  url: url.optional(),
  headers: headers.optional(),
  filter: Filter.optional(),
  includesContent: includesContent.optional(),
  isEnabled: z.boolean().optional(),
});
export type ForwarderPatch = z.output<typeof ForwarderPatch>;

const params = z.object({ forwarderId: z.string() });

export const forwardingApi = defineApi({
  "GET /api/v1/forwarders": {
    name: "listForwarders",
    summary: "The places that spans are sent on to, and how far they have come",
    permission: "forwarding:read",
    response: z.object({ items: z.array(Forwarder) }),
  },
  "POST /api/v1/forwarders": {
    name: "createForwarder",
    summary: "Send spans on to another OpenTelemetry receiver from now on",
    permission: "forwarding:write",
    body: ForwarderInput,
    response: Forwarder,
    status: 201,
  },
  "PATCH /api/v1/forwarders/:forwarderId": {
    name: "updateForwarder",
    summary: "Change where and what is sent on; its headers are wiped when the host changes",
    permission: "forwarding:write",
    params,
    body: ForwarderPatch,
    response: Forwarder,
  },
  "DELETE /api/v1/forwarders/:forwarderId": {
    name: "deleteForwarder",
    summary: "Stop sending spans on",
    permission: "forwarding:write",
    params,
    response: Done,
  },
  "POST /api/v1/forwarders/:forwarderId/test": {
    name: "testForwarder",
    summary: "Send one made-up span and say what the receiver answers",
    permission: "forwarding:write",
    params,
    response: z.object({ isTaken: z.boolean(), message: z.string() }),
  },
});
