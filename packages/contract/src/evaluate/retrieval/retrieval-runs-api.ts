import { z } from "zod";
import { Done, PageQuery, pageOf } from "../../pages.ts";
import { defineApi } from "../../route.ts";
import {
  COMPARED_MEASURES,
  QuestionResult,
  RetrievalComparison,
  RetrievalGrid,
  RetrievalGridInput,
  RetrievalRun,
  RetrievalRunInput,
} from "./retrieval-runs.ts";

const ofSet = z.object({ questionSetId: z.string().max(100) });
const one = z.object({ retrievalRunId: z.string().max(100) });
const measure = z.enum(COMPARED_MEASURES).default("ndcg10");
const margin = z.coerce
  .number()
  .min(0)
  .max(1)
  .default(0)
  .describe("The largest difference that does not matter. With 0, nothing is called equivalent.");

export const retrievalRunsApi = defineApi({
  "GET /api/v1/question-sets/:questionSetId/runs": {
    name: "listRetrievalRuns",
    summary: "The runs of a question set, newest first",
    permission: "knowledge:read",
    params: ofSet,
    query: PageQuery,
    response: pageOf(RetrievalRun),
  },
  "POST /api/v1/question-sets/:questionSetId/runs": {
    name: "startRetrievalRun",
    summary: "Search all questions of a set and measure the rankings",
    permission: "knowledge:write",
    params: ofSet,
    body: RetrievalRunInput,
    example: { searching: { mode: "words" } },
    response: RetrievalRun,
    status: 202,
  },
  "POST /api/v1/question-sets/:questionSetId/grids": {
    name: "startRetrievalGrid",
    summary: "Start a run for each of several settings",
    description: "The runs follow one another. The result corrects for the number of settings.",
    permission: "knowledge:write",
    params: ofSet,
    body: RetrievalGridInput,
    example: { variants: [{ searching: { mode: "hybrid" } }, { searching: { mode: "words" } }] },
    response: RetrievalGrid,
    status: 202,
  },
  "GET /api/v1/retrieval-grids/:gridId": {
    name: "getRetrievalGrid",
    summary: "The runs of a grid, each compared with the first",
    permission: "knowledge:read",
    params: z.object({ gridId: z.string().max(100) }),
    query: z.object({ measure, margin }),
    response: RetrievalGrid,
  },
  "GET /api/v1/retrieval-runs/:retrievalRunId": {
    name: "getRetrievalRun",
    summary: "One retrieval run",
    permission: "knowledge:read",
    params: one,
    response: RetrievalRun,
  },
  "DELETE /api/v1/retrieval-runs/:retrievalRunId": {
    name: "deleteRetrievalRun",
    summary: "Delete a retrieval run",
    permission: "knowledge:write",
    params: one,
    response: Done,
  },
  "POST /api/v1/retrieval-runs/:retrievalRunId/cancel": {
    name: "cancelRetrievalRun",
    summary: "Cancel a retrieval run; its rankings so far remain",
    permission: "knowledge:write",
    params: one,
    response: RetrievalRun,
  },
  "GET /api/v1/retrieval-runs/:retrievalRunId/questions": {
    name: "listQuestionResults",
    summary: "The ranking and the measures of each question of a run",
    permission: "knowledge:read",
    params: one,
    query: PageQuery,
    response: pageOf(QuestionResult),
  },
  "GET /api/v1/retrieval-runs/:retrievalRunId/compare": {
    name: "compareRetrievalRuns",
    summary: "Compare a run with a base run, question by question",
    permission: "knowledge:read",
    params: one,
    query: z.object({ base: z.string().max(100).describe("The id of the base run."), measure, margin }),
    response: RetrievalComparison,
  },
  "GET /api/v1/retrieval-runs/:retrievalRunId/trec": {
    name: "exportRetrievalRun",
    summary: "The rankings as a TREC run file",
    description: "A document has the place of its first chunk. trec_eval reads it with the qrels of the question set.",
    permission: "knowledge:read",
    params: one,
    response: z.string(),
    answer: "file",
  },
});
