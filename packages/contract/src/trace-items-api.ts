import { z } from "zod";
import { ChangeAnswer, Item } from "./datasets.ts";
import { Done } from "./pages.ts";
import { defineApi } from "./route.ts";
import { LiveLink, LiveLinkInput, TraceItemsInput, TraceItemsPreviewInput } from "./trace-items.ts";

const dataset = z.object({ datasetId: z.string().max(80) });

export const traceItemsApi = defineApi({
  "POST /api/v1/datasets/:datasetId/trace-items/preview": {
    name: "previewTraceItems",
    summary: "The first items that spans would become, and how many spans match",
    permission: "datasets:read",
    params: dataset,
    body: TraceItemsPreviewInput,
    response: z.object({
      matching: z.number().describe("Spans that match, counted up to 100,000."),
      items: z.array(Item),
      skipped: z.number().describe("Spans among those looked at that lack an input."),
    }),
  },
  "POST /api/v1/datasets/:datasetId/trace-items": {
    name: "addTraceItems",
    summary: "Add spans to a draft as items, by a filter or one by one",
    permission: "datasets:write",
    params: dataset,
    body: TraceItemsInput,
    response: ChangeAnswer,
    status: 201,
  },
  "GET /api/v1/datasets/:datasetId/live-links": {
    name: "listLiveLinks",
    summary: "The filters whose new spans arrive in a draft by themselves",
    permission: "datasets:read",
    params: dataset,
    response: z.object({ items: z.array(LiveLink) }),
  },
  "POST /api/v1/datasets/:datasetId/live-links": {
    name: "createLiveLink",
    summary: "Let new spans that match a filter arrive in a draft by themselves",
    permission: "datasets:write",
    params: dataset,
    body: LiveLinkInput,
    response: LiveLink,
    status: 201,
  },
  "PATCH /api/v1/datasets/:datasetId/live-links/:liveLinkId": {
    name: "updateLiveLink",
    summary: "Pause or resume a live link",
    permission: "datasets:write",
    params: dataset.extend({ liveLinkId: z.string().max(80) }),
    body: z.strictObject({ isEnabled: z.boolean() }),
    response: LiveLink,
  },
  "DELETE /api/v1/datasets/:datasetId/live-links/:liveLinkId": {
    name: "deleteLiveLink",
    summary: "End a live link; the items that came stay",
    permission: "datasets:write",
    params: dataset.extend({ liveLinkId: z.string().max(80) }),
    response: Done,
  },
});
