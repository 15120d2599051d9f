import { z } from "zod";
import { Done, pageOf } from "../pages.ts";
import { defineApi } from "../route.ts";
import { ChangeAnswer, Item } from "./datasets.ts";
import { LiveLink, LiveLinkInput, TraceItemsInput, TraceItemsPreviewInput } from "./trace-items.ts";

const dataset = z.object({ datasetId: z.string().max(80) });

export const traceItemsApi = defineApi({
  "POST /api/v1/datasets/:datasetId/trace-items/preview": {
    name: "previewTraceItems",
    summary: "Preview the items that matching spans would become, with the number of matching spans",
    permission: "datasets:read",
    content: "required",
    params: dataset,
    body: TraceItemsPreviewInput,
    response: z.object({
      matching: z.number().describe("The number of matching spans, counted up to 100,000."),
      items: z.array(Item),
      skipped: z.number().describe("The number of checked spans that lack an input."),
    }),
  },
  "POST /api/v1/datasets/:datasetId/trace-items": {
    name: "addTraceItems",
    summary: "Add spans to a draft as items, by a filter or by id",
    permission: "datasets:write",
    content: "required",
    description: "Items change in the draft of a branch. Commit the draft to make a version of it.",
    params: dataset,
    body: TraceItemsInput,
    response: ChangeAnswer,
    status: 201,
  },
  "GET /api/v1/datasets/:datasetId/live-links": {
    name: "listLiveLinks",
    summary: "The live links of a dataset: filters whose new spans become items of a draft",
    permission: "datasets:read",
    params: dataset,
    response: pageOf(LiveLink),
  },
  "POST /api/v1/datasets/:datasetId/live-links": {
    name: "createLiveLink",
    summary: "Create a live link: new spans that match a filter become items of a draft",
    permission: "datasets:write",
    content: "required",
    params: dataset,
    body: LiveLinkInput,
    example: { filter: "endpoint:support-chat -status:error" },
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
    summary: "End a live link; its items remain",
    permission: "datasets:write",
    params: dataset.extend({ liveLinkId: z.string().max(80) }),
    response: Done,
  },
});
