import { analysisApi, experimentsApi, gatesApi, runsApi } from "@treadle/contract";
import { cutPage } from "../../../kernel/pages.ts";
import type { Sink } from "../../../kernel/sink.ts";
import { mount } from "../../../platform/http/handlers.ts";
import type { Evals } from "./service.ts";

const DONE = { ok: true as const };

export const experimentRoutes = ({ experiments }: Evals) =>
  mount(experimentsApi, {
    "GET /api/v1/experiments": ({ scope, query }) => experiments.list(scope, query),
    "POST /api/v1/experiments": ({ scope, body }) => experiments.start(scope, body),
    "GET /api/v1/experiments/:experimentId": ({ scope, params }) => experiments.get(scope, params.experimentId),
    "PATCH /api/v1/experiments/:experimentId": ({ scope, params, body }) =>
      experiments.update(scope, params.experimentId, body),
    "DELETE /api/v1/experiments/:experimentId": async ({ scope, params }) => {
      await experiments.delete(scope, params.experimentId);
      return DONE;
    },
    "POST /api/v1/experiments/:experimentId/cancel": ({ scope, params }) =>
      experiments.cancel(scope, params.experimentId),
    "POST /api/v1/experiments/:experimentId/resume": ({ scope, params, body }) =>
      experiments.resume(scope, params.experimentId, body),
  });

export const runRoutes = ({ runs }: Evals) =>
  mount(runsApi, {
    "GET /api/v1/runs": ({ scope, query }) => runs.list(scope, query),
    "POST /api/v1/runs": ({ scope, body }) => runs.create(scope, body),
    "GET /api/v1/runs/:runId": ({ scope, params }) => runs.get(scope, params.runId),
    "DELETE /api/v1/runs/:runId": async ({ scope, params }) => {
      await runs.delete(scope, params.runId);
      return DONE;
    },
    "POST /api/v1/runs/:runId/answers": ({ scope, params, body }) => runs.addAnswers(scope, params.runId, body.answers),
    "POST /api/v1/runs/:runId/finish": ({ scope, params }) => runs.finish(scope, params.runId),
    "POST /api/v1/runs/:runId/resume": ({ scope, params, body }) => runs.resume(scope, params.runId, body),
    "GET /api/v1/runs/:runId/items": ({ scope, params, query }) => runs.listItems(scope, params.runId, query),
  });

export const analysisRoutes = ({ analysis, reports }: Evals) =>
  mount(analysisApi, {
    "POST /api/v1/experiments/estimate": ({ scope, body, signal }) => analysis.estimate(scope, body, signal),
    "POST /api/v1/experiments/plan": ({ scope, body }) => analysis.plan(scope, body),
    "GET /api/v1/runs/compare": ({ scope, query }) => analysis.compare(scope, query),
    "GET /api/v1/runs/frontier": ({ scope, query }) => analysis.frontier(scope, query),
    "GET /api/v1/runs/leaderboard": ({ scope, query }) => analysis.leaderboard(scope, query),
    "GET /api/v1/runs/:runId/slices": ({ scope, params, query }) => analysis.slices(scope, params.runId, query),
    "GET /api/v1/runs/:runId/export": async ({ scope, params, query, sink }) =>
      send(await reports.export(scope, params.runId, query), sink),
  });

export const gateRoutes = ({ gates }: Evals) =>
  mount(gatesApi, {
    "POST /api/v1/gates/decide": ({ scope, body }) => gates.decide(scope, body),
    "GET /api/v1/quarantine": async ({ scope, query }) =>
      cutPage((await gates.listQuarantine(scope, query.suite)).items, query, ({ suite, itemId }) => [suite, itemId]),
    "POST /api/v1/quarantine": ({ scope, body }) => gates.quarantine(scope, body),
    "POST /api/v1/quarantine/release": async ({ scope, body }) => {
      await gates.release(scope, body);
      return DONE;
    },
  });

type File = Awaited<ReturnType<Evals["reports"]["export"]>>;

async function send({ name, contentType, chunks }: File, sink: Sink): Promise<void> {
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
