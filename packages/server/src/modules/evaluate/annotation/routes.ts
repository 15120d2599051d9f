import { annotationAnswersApi, annotationApi, annotationReportsApi } from "@treadle/contract";
import { cutPage } from "../../../kernel/pages.ts";
import type { Sink } from "../../../kernel/sink.ts";
import { mount } from "../../../platform/http/handlers.ts";
import type { Exported } from "./reports/export-answers.ts";
import type { Annotation } from "./service.ts";

const DONE = { ok: true as const };

const newestFirst = ({ version }: { readonly version: number }) => [-version, 0] as const;

const queueRoutes = ({ queues, adding, rules }: Annotation) =>
  mount(annotationApi, {
    "GET /api/v1/annotation-queues": ({ scope, query }) => queues.list(scope, query),
    "POST /api/v1/annotation-queues": ({ scope, body }) => queues.create(scope, body),
    "GET /api/v1/annotation-queues/:queueId": ({ scope, params }) => queues.get(scope, params.queueId),
    "PATCH /api/v1/annotation-queues/:queueId": ({ scope, params, body }) => queues.update(scope, params.queueId, body),
    "DELETE /api/v1/annotation-queues/:queueId": async ({ scope, params }) => {
      await queues.delete(scope, params.queueId);
      return DONE;
    },
    "GET /api/v1/annotation-queues/:queueId/guidelines": async ({ scope, params, query }) =>
      cutPage((await queues.listGuidelines(scope, params.queueId)).items, query, newestFirst),
    "POST /api/v1/annotation-queues/:queueId/guidelines": ({ scope, params, body }) =>
      queues.addGuideline(scope, params.queueId, body),
    "GET /api/v1/annotation-queues/:queueId/questions": async ({ scope, params, query }) =>
      cutPage((await queues.listQuestionSets(scope, params.queueId)).items, query, newestFirst),
    "POST /api/v1/annotation-queues/:queueId/questions": ({ scope, params, body }) =>
      queues.addQuestions(scope, params.queueId, body.questions),
    "POST /api/v1/annotation-queues/:queueId/items": ({ scope, params, body }) =>
      adding.add(scope, params.queueId, body),
    "GET /api/v1/annotation-queues/:queueId/rules": ({ scope, params }) => rules.list(scope, params.queueId),
    "POST /api/v1/annotation-queues/:queueId/rules": ({ scope, params, body }) =>
      rules.create(scope, params.queueId, body),
    "POST /api/v1/annotation-queues/:queueId/drift": ({ scope, params, body }) =>
      rules.lookForDrift(scope, params.queueId, body.trigger),
    "PATCH /api/v1/annotation-queues/:queueId/rules/:ruleId": ({ scope, params, body }) =>
      rules.update(scope, params, body),
    "DELETE /api/v1/annotation-queues/:queueId/rules/:ruleId": async ({ scope, params }) => {
      await rules.delete(scope, params);
      return DONE;
    },
  });

const answerRoutes = ({ leases, discussion, ...annotation }: Annotation) =>
  mount(annotationAnswersApi, {
    "POST /api/v1/annotation-queues/:queueId/next": ({ scope, params, body }) =>
      leases.next(scope, params.queueId, body),
    "POST /api/v1/annotation-queues/:queueId/heartbeat": ({ scope, params, body }) =>
      leases.heartbeat(scope, params.queueId, body.leaseIds),
    "POST /api/v1/annotation-queues/:queueId/release": ({ scope, params, body }) =>
      leases.release(scope, params.queueId, body.leaseIds),
    "POST /api/v1/annotation-leases/:leaseId/answers": ({ scope, params, body }) =>
      annotation.answer(scope, params.leaseId, body),
    "POST /api/v1/annotation-answers/:answerId/undo": ({ scope, params }) => annotation.undo(scope, params.answerId),
    "GET /api/v1/annotation-queues/:queueId/my-answers": ({ scope, params, query }) =>
      annotation.listMine(scope, params.queueId, query),
    "GET /api/v1/annotation-items/:itemId/comments": ({ scope, params, query }) =>
      discussion.list(scope, params.itemId, query),
    "POST /api/v1/annotation-items/:itemId/comments": ({ scope, params, body }) =>
      discussion.create(scope, params.itemId, body.text),
    "POST /api/v1/annotation-items/:itemId/adjudications": ({ scope, params, body }) =>
      annotation.adjudicate(scope, params.itemId, body),
    "PATCH /api/v1/annotation-items/:itemId": ({ scope, params, body }) =>
      annotation.changeItem(scope, params.itemId, body),
  });

const reportRoutes = ({ items, ...annotation }: Annotation) =>
  mount(annotationReportsApi, {
    "GET /api/v1/annotation-queues/:queueId/items": ({ scope, params, query }) =>
      items.list(scope, params.queueId, query),
    "GET /api/v1/annotation-items/:itemId": ({ scope, params }) => items.get(scope, params.itemId),
    "GET /api/v1/annotation-queues/:queueId/progress": ({ scope, params }) =>
      annotation.progress(scope, params.queueId),
    "GET /api/v1/annotation-queues/:queueId/agreement": ({ scope, params, query }) =>
      annotation.agreement(scope, params.queueId, query.slice),
    "GET /api/v1/annotation-queues/:queueId/annotators": ({ scope, params }) =>
      annotation.quality(scope, params.queueId),
    "GET /api/v1/annotation-queues/:queueId/export": async ({ scope, params, query, sink }) =>
      send(await annotation.export(scope, params.queueId, query.shape), sink),
  });

export const annotationRoutes = (annotation: Annotation) => [
  ...queueRoutes(annotation),
  ...answerRoutes(annotation),
  ...reportRoutes(annotation),
];

async function send({ name, contentType, chunks }: Exported, sink: Sink): Promise<void> {
  sink.head(200, {
    "content-type": contentType,
    "content-disposition": `attachment; filename="${name}"`,
    "cache-control": "private, no-store",
    "content-security-policy": "sandbox",
  });
  for await (const chunk of chunks) {
    if (!sink.isOpen()) return;
    if (!sink.write(chunk)) await sink.drained();
  }
  sink.end();
}
