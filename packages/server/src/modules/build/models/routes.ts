import { modelsApi } from "@treadle/contract";
import { cutPage, wholeList } from "../../../kernel/pages.ts";
import { mount } from "../../../platform/http/handlers.ts";
import type { Models } from "./service.ts";

const DONE = { ok: true } as const;

export const modelRoutes = (models: Models) =>
  mount(modelsApi, {
    "GET /api/v1/models": async ({ scope }) => models.list(scope),
    "DELETE /api/v1/models/:modelId": async ({ scope, params }) => {
      await models.remove(scope, params.modelId);
      return DONE;
    },
    "POST /api/v1/models/:modelId/load": ({ scope, params }) => models.load(scope, params.modelId),
    "POST /api/v1/models/:modelId/unload": ({ scope, params }) => models.unload(scope, params.modelId),
    "GET /api/v1/model-pulls": async ({ scope }) => wholeList(models.listPulls(scope)),
    "POST /api/v1/model-pulls": ({ scope, body }) => models.startPull(scope, body.source),
    "GET /api/v1/model-pulls/:pullId": async ({ scope, params }) => models.getPull(scope, params.pullId),
    "DELETE /api/v1/model-pulls/:pullId": async ({ scope, params }) => models.cancelPull(scope, params.pullId),
    "GET /api/v1/model-prices": async ({ scope, query }) =>
      cutPage(await models.prices.list(scope), query, ({ provider, model }) => [provider, model]),
    "GET /api/v1/model-prices/lookup": ({ scope, query }) => models.prices.lookUp(scope, query),
    "POST /api/v1/model-prices": ({ scope, body }) => models.prices.save(scope, body),
    "DELETE /api/v1/model-prices/:priceId": async ({ scope, params }) => {
      await models.prices.remove(scope, params.priceId);
      return DONE;
    },
  });
