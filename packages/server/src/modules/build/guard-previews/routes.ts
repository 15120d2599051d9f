import { guardPreviewsApi } from "@treadle/contract";
import { mount } from "../../../platform/http/handlers.ts";
import type { GuardPreviews } from "./service.ts";

const DONE = { ok: true } as const;

export const guardPreviewRoutes = (previews: GuardPreviews) =>
  mount(guardPreviewsApi, {
    "GET /api/v1/guard-previews": ({ scope, query }) => previews.list(scope, query),
    "POST /api/v1/guard-previews": ({ scope, body }) => previews.create(scope, body),
    "GET /api/v1/guard-previews/:previewId": ({ scope, params }) => previews.get(scope, params.previewId),
    "DELETE /api/v1/guard-previews/:previewId": async ({ scope, params }) => {
      await previews.delete(scope, params.previewId);
      return DONE;
    },
  });
