import { fineTuningApi, trainingApi } from "@treadle/contract";
import { cutPage } from "../../../kernel/pages.ts";
import type { Sink } from "../../../kernel/sink.ts";
import { mount } from "../../../platform/http/handlers.ts";
import type { Training } from "./service.ts";

export const trainingRoutes = (training: Training) =>
  mount(trainingApi, {
    "GET /api/v1/training-runs": ({ scope, query }) => training.list(scope, query),
    "POST /api/v1/training-runs": ({ scope, body }) => training.start(scope, body),
    "GET /api/v1/training-runs/:trainingRunId": ({ scope, params }) => training.get(scope, params.trainingRunId),
    "DELETE /api/v1/training-runs/:trainingRunId": ({ scope, params }) => training.delete(scope, params.trainingRunId),
    "POST /api/v1/training-runs/:trainingRunId/stop": ({ scope, params, query }) =>
      training.stop(scope, params.trainingRunId, query.result),
    "POST /api/v1/training-runs/:trainingRunId/pause": ({ scope, params }) =>
      training.pause(scope, params.trainingRunId),
    "POST /api/v1/training-runs/:trainingRunId/resume": ({ scope, params }) =>
      training.resume(scope, params.trainingRunId),
    "POST /api/v1/training-runs/:trainingRunId/cancel": ({ scope, params }) =>
      training.cancel(scope, params.trainingRunId),
    "POST /api/v1/training-runs/:trainingRunId/save": ({ scope, params }) => training.save(scope, params.trainingRunId),
    "GET /api/v1/training-runs/:trainingRunId/events": ({ scope, params, query }) =>
      training.reads.events(scope, params.trainingRunId, query),
    "GET /api/v1/training-runs/:trainingRunId/live": ({ scope, params, query, headers, signal }) =>
      training.reads.watch(scope, params.trainingRunId, {
        after: query.after,
        signal,
        lastEventId: headerText(headers["last-event-id"]),
      }),
    "GET /api/v1/training-runs/:trainingRunId/metrics": ({ scope, params, query }) =>
      training.reads.metrics(scope, params.trainingRunId, query.points),
    "GET /api/v1/training-runs/:trainingRunId/logs": ({ scope, params, query }) =>
      training.reads.logs(scope, params.trainingRunId, query.bytes),
    "GET /api/v1/training-runs/:trainingRunId/checkpoints": async ({ scope, params, query }) =>
      cutPage((await training.reads.checkpoints(scope, params.trainingRunId)).items, query, ({ step }) => [-step, 0]),
    "POST /api/v1/training/validate": ({ scope, body, signal }) => training.validate(scope, body.config, signal),
    "POST /api/v1/training/estimate": ({ scope, body }) => training.startEstimate(scope, body.config),
    "GET /api/v1/training/estimates/:jobId": ({ scope, params }) => training.getEstimate(scope, params.jobId),
    "POST /api/v1/training/preview": ({ scope, body, signal }) =>
      training.preview(scope, body.config, { limit: body.limit, signal }),
    "POST /api/v1/training/manifest": ({ scope, body }) => training.manifest(scope, body.config),
    "GET /api/v1/training/config-schema": async () => training.schema(),
    "GET /api/v1/trainer": ({ scope, query, signal }) => training.trainer.get(scope, { ...query, signal }),
    "POST /api/v1/trainer/plan": ({ scope, query, signal }) => training.trainer.plan(scope, signal, query.environment),
    "POST /api/v1/trainer/install": ({ scope, query, signal }) =>
      training.trainer.install(scope, signal, query.environment),
  });

const headerText = (value: string | readonly string[] | undefined): string | undefined =>
  typeof value === "string" ? value : undefined;

function sendJson({ sink }: { readonly sink: Sink }, answer: unknown): void {
  sink.head(200, { "content-type": "application/json; charset=utf-8", "cache-control": "no-store" });
  sink.end(JSON.stringify(answer));
}

/** OpenAI's own addresses and shapes. */
export const fineTuningRoutes = ({ files, fineTuning: jobs }: Training) =>
  mount(fineTuningApi, {
    "POST /v1/files": async (call) =>
      sendJson(call, await files.create(call.scope, { bytes: call.bytes, contentType: call.headers["content-type"] })),
    "GET /v1/files": async (call) => sendJson(call, await files.list(call.scope, call.query)),
    "GET /v1/files/:fileId": async (call) => sendJson(call, await files.get(call.scope, call.params.fileId)),
    "GET /v1/files/:fileId/content": ({ scope, params, sink }) => files.read(scope, params.fileId, sink),
    "DELETE /v1/files/:fileId": async (call) => sendJson(call, await files.delete(call.scope, call.params.fileId)),
    "POST /v1/fine_tuning/jobs": async (call) => sendJson(call, await jobs.create(call.scope, call.body)),
    "GET /v1/fine_tuning/jobs": async (call) => sendJson(call, await jobs.list(call.scope, call.query)),
    "GET /v1/fine_tuning/jobs/:fineTuningJobId": async (call) =>
      sendJson(call, await jobs.get(call.scope, call.params.fineTuningJobId)),
    "POST /v1/fine_tuning/jobs/:fineTuningJobId/cancel": async (call) =>
      sendJson(call, await jobs.cancel(call.scope, call.params.fineTuningJobId)),
    "POST /v1/fine_tuning/jobs/:fineTuningJobId/pause": async (call) =>
      sendJson(call, await jobs.pause(call.scope, call.params.fineTuningJobId)),
    "POST /v1/fine_tuning/jobs/:fineTuningJobId/resume": async (call) =>
      sendJson(call, await jobs.resume(call.scope, call.params.fineTuningJobId)),
    "GET /v1/fine_tuning/jobs/:fineTuningJobId/events": async (call) =>
      sendJson(call, await jobs.events(call.scope, call.params.fineTuningJobId, call.query)),
    "GET /v1/fine_tuning/jobs/:fineTuningJobId/checkpoints": async (call) =>
      sendJson(call, await jobs.checkpoints(call.scope, call.params.fineTuningJobId, call.query)),
  });
