import { guardsApi, moderationsApi } from "@treadle/contract";
import { cutPage } from "../../../kernel/pages.ts";
import { mount } from "../../../platform/http/handlers.ts";
import type { Guards } from "./service.ts";

const DONE = { ok: true } as const;

export const guardRoutes = (guards: Guards) =>
  mount(guardsApi, {
    "GET /api/v1/guard-policies": async ({ scope, query }) =>
      cutPage(await guards.list(scope), query, ({ name, policyId }) => [name, policyId]),
    "POST /api/v1/guard-policies": ({ scope, body }) => guards.create(scope, body),
    "GET /api/v1/guard-policies/:policyId": ({ scope, params }) => guards.get(scope, params.policyId),
    "PUT /api/v1/guard-policies/:policyId": ({ scope, params, query, body }) =>
      guards.replace(scope, { ...params, ...query, content: body }),
    "DELETE /api/v1/guard-policies/:policyId": async ({ scope, params }) => {
      await guards.delete(scope, params.policyId);
      return DONE;
    },
    "GET /api/v1/guard-policies/:policyId/versions": ({ scope, params, query }) =>
      guards.listVersions(scope, params.policyId, query),
    "POST /api/v1/guard-policies/:policyId/restore": ({ scope, params, body }) =>
      guards.restore(scope, params.policyId, body.version),
    "POST /api/v1/guards/check": ({ scope, body }) => guards.check(scope, body),
  });

/** OpenAI's own address and shape. */
export const moderationRoutes = (guards: Guards) =>
  mount(moderationsApi, {
    "POST /v1/moderations": async ({ scope, body, sink }) => {
      const answer = await guards.moderate(scope, body);
      sink.head(200, { "content-type": "application/json; charset=utf-8", "cache-control": "no-store" });
      sink.end(JSON.stringify(answer));
    },
  });
