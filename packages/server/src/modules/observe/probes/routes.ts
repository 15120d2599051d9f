import { probesApi } from "@treadle/contract";
import { wholeList } from "../../../kernel/pages.ts";
import { mount } from "../../../platform/http/handlers.ts";
import type { Probes } from "./service.ts";

export const probesRoutes = (probes: Probes) =>
  mount(probesApi, {
    "GET /api/v1/probes": ({ scope, query }) => probes.list(scope, query),
    "POST /api/v1/probe-estimates": ({ scope, body }) => probes.estimate(scope, body),
    "POST /api/v1/probes": ({ scope, body }) => probes.create(scope, body),
    "GET /api/v1/probes/:probeId": ({ scope, params }) => probes.get(scope, params.probeId),
    "PATCH /api/v1/probes/:probeId": ({ scope, params, body }) => probes.update(scope, params.probeId, body),
    "DELETE /api/v1/probes/:probeId": async ({ scope, params }) => {
      await probes.delete(scope, params.probeId);
      return { ok: true as const };
    },
    "GET /api/v1/probes/:probeId/runs": ({ scope, params, query }) => probes.listRuns(scope, params.probeId, query),
    "GET /api/v1/probes/:probeId/prompts": async ({ scope, params }) =>
      wholeList(await probes.listPrompts(scope, params.probeId)),
    "POST /api/v1/probes/:probeId/run": ({ scope, params }) => probes.runNow(scope, params.probeId),
    "POST /api/v1/probes/:probeId/accept": ({ scope, params, body }) => probes.accept(scope, params.probeId, body),
    "POST /api/v1/probes/:probeId/dismiss": ({ scope, params }) => probes.dismiss(scope, params.probeId),
    "GET /api/v1/model-signals": ({ scope, query }) => probes.signals(scope, query),
  });
