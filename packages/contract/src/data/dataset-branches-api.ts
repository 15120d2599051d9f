import { z } from "zod";
import { MOST_INTEGER } from "../numbers.ts";
import { Done, PageQuery, pageOf } from "../pages.ts";
import { defineApi } from "../route.ts";
import {
  Branch,
  BranchName,
  BranchReview,
  CONFLICT_SIDES,
  DatasetVersion,
  ItemId,
  MergePreview,
  REVIEW_VERDICTS,
  VersionRef,
} from "./datasets.ts";

const dataset = z.object({ datasetId: z.string().max(80) });
const message = z.string().trim().min(1).max(2_000);

export const datasetBranchesApi = defineApi({
  "GET /api/v1/datasets/:datasetId/branches": {
    name: "listDatasetBranches",
    summary: "A dataset's branches, main first",
    permission: "datasets:read",
    params: dataset,
    query: PageQuery,
    response: pageOf(Branch),
  },
  "POST /api/v1/datasets/:datasetId/branches": {
    name: "createDatasetBranch",
    summary: "Create a branch from a version",
    permission: "datasets:write",
    params: dataset,
    body: z.strictObject({ name: BranchName, from: VersionRef }),
    response: Branch,
    status: 201,
  },
  "DELETE /api/v1/datasets/:datasetId/branches/:branch": {
    name: "deleteDatasetBranch",
    summary: "Delete a branch and its draft; its versions remain",
    permission: "datasets:write",
    params: dataset.extend({ branch: BranchName }),
    response: Done,
  },
  "GET /api/v1/datasets/:datasetId/branches/:branch/merge": {
    name: "previewMerge",
    summary: "Preview a merge of a branch into main, with conflicts",
    permission: "datasets:read",
    params: dataset.extend({ branch: BranchName }),
    response: MergePreview,
  },
  "POST /api/v1/datasets/:datasetId/branches/:branch/reviews": {
    name: "reviewBranch",
    summary: "Approve or reject a branch's newest version",
    permission: "datasets:write",
    description:
      "A person who did not change the branch must approve it. An API key acts for the person who created it. Anyone can reject.",
    params: dataset.extend({ branch: BranchName }),
    body: z.strictObject({
      verdict: z.enum(REVIEW_VERDICTS),
      comment: z.string().trim().max(5_000).default(""),
      version: z
        .number()
        .int()
        .min(1)
        .max(MOST_INTEGER)
        .describe("The version that was looked at; refused when the branch has a newer one."),
      override: z
        .boolean()
        .default(false)
        .describe("Approve your own changes as an owner or admin. The audit log records it. Use it if you work alone."),
    }),
    response: BranchReview,
    status: 201,
  },
  "POST /api/v1/datasets/:datasetId/branches/:branch/merge": {
    name: "mergeBranch",
    summary: "Merge an approved branch into main as a new version",
    permission: "datasets:write",
    description:
      "Commit or discard the draft of main first. For each item that both branches changed, `resolutions` or `otherwise` chooses the side that counts.",
    params: dataset.extend({ branch: BranchName }),
    body: z.strictObject({
      message,
      resolutions: z
        .record(ItemId, z.enum(CONFLICT_SIDES))
        .default({})
        .describe("The side to use for an item that both branches changed."),
      otherwise: z
        .enum(CONFLICT_SIDES)
        .optional()
        .describe("The side to use for conflicts that `resolutions` does not list."),
    }),
    response: DatasetVersion,
    status: 201,
  },
});
