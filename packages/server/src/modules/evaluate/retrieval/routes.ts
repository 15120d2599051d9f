import { questionSetsApi, questionsApi, retrievalRunsApi } from "@treadle/contract";
import type { Sink } from "../../../kernel/sink.ts";
import { mount } from "../../../platform/http/handlers.ts";
import type { Retrieval } from "./service.ts";

const DONE = { ok: true } as const;

export const questionSetRoutes = (retrieval: Retrieval) =>
  mount(questionSetsApi, {
    "GET /api/v1/knowledge/:knowledgeBaseId/question-sets": ({ scope, params, query }) =>
      retrieval.listSets(scope, params.knowledgeBaseId, query),
    "POST /api/v1/knowledge/:knowledgeBaseId/question-sets": ({ scope, params, body }) =>
      retrieval.createSet(scope, params.knowledgeBaseId, body),
    "GET /api/v1/question-sets/:questionSetId": ({ scope, params }) => retrieval.getSet(scope, params.questionSetId),
    "PATCH /api/v1/question-sets/:questionSetId": ({ scope, params, body }) =>
      retrieval.updateSet(scope, params.questionSetId, body),
    "DELETE /api/v1/question-sets/:questionSetId": async ({ scope, params }) => {
      await retrieval.deleteSet(scope, params.questionSetId);
      return DONE;
    },
    "GET /api/v1/question-sets/:questionSetId/export": async ({ scope, params, query, sink }) =>
      sendFile(await retrieval.exportQuestions(scope, params.questionSetId, query.format), sink),
  });

export const questionRoutes = (retrieval: Retrieval) =>
  mount(questionsApi, {
    "GET /api/v1/question-sets/:questionSetId/questions": ({ scope, params, query }) =>
      retrieval.listQuestions(scope, params.questionSetId, query),
    "POST /api/v1/question-sets/:questionSetId/questions": ({ scope, params, body }) =>
      retrieval.addQuestions(scope, params.questionSetId, body.questions),
    "POST /api/v1/question-sets/:questionSetId/import": ({ scope, params, query, bytes }) =>
      retrieval.importQuestions(scope, params.questionSetId, { format: query.format, bytes }),
    "POST /api/v1/question-sets/:questionSetId/judgements": ({ scope, params, body }) =>
      retrieval.judgeHit(scope, params.questionSetId, body),
    "PATCH /api/v1/question-sets/:questionSetId/questions/:questionId": ({ scope, params, body }) =>
      retrieval.updateQuestion(scope, params, body),
    "DELETE /api/v1/question-sets/:questionSetId/questions/:questionId": async ({ scope, params }) => {
      await retrieval.deleteQuestion(scope, params);
      return DONE;
    },
  });

export const retrievalRunRoutes = (retrieval: Retrieval) =>
  mount(retrievalRunsApi, {
    "GET /api/v1/question-sets/:questionSetId/runs": ({ scope, params, query }) =>
      retrieval.listRuns(scope, params.questionSetId, query),
    "POST /api/v1/question-sets/:questionSetId/runs": ({ scope, params, body }) =>
      retrieval.startRun(scope, params.questionSetId, body),
    "POST /api/v1/question-sets/:questionSetId/grids": ({ scope, params, body }) =>
      retrieval.startGrid(scope, params.questionSetId, body),
    "GET /api/v1/retrieval-grids/:gridId": ({ scope, params, query }) => retrieval.getGrid(scope, params.gridId, query),
    "GET /api/v1/retrieval-runs/:retrievalRunId": ({ scope, params }) => retrieval.getRun(scope, params.retrievalRunId),
    "DELETE /api/v1/retrieval-runs/:retrievalRunId": async ({ scope, params }) => {
      await retrieval.deleteRun(scope, params.retrievalRunId);
      return DONE;
    },
    "POST /api/v1/retrieval-runs/:retrievalRunId/cancel": ({ scope, params }) =>
      retrieval.cancelRun(scope, params.retrievalRunId),
    "GET /api/v1/retrieval-runs/:retrievalRunId/questions": ({ scope, params, query }) =>
      retrieval.listResults(scope, params.retrievalRunId, query),
    "GET /api/v1/retrieval-runs/:retrievalRunId/compare": ({ scope, params, query }) =>
      retrieval.compareRuns(scope, params.retrievalRunId, query),
    "GET /api/v1/retrieval-runs/:retrievalRunId/trec": async ({ scope, params, sink }) =>
      sendFile(await retrieval.exportRun(scope, params.retrievalRunId), sink),
  });

function sendFile({ name, text }: { readonly name: string; readonly text: string }, sink: Sink): void {
  sink.head(200, {
    "content-type": "text/plain; charset=utf-8",
    "content-disposition": `attachment; filename="${name}"`,
    "cache-control": "private, no-store",
    "content-security-policy": "sandbox",
  });
  sink.write(text);
  sink.end();
}
