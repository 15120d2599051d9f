import { forwardingApi } from "@treadle/contract";
import { wholeList } from "../../../kernel/pages.ts";
import { mount } from "../../../platform/http/handlers.ts";
import type { Forwarding } from "./service.ts";

export const forwardingRoutes = (forwarding: Forwarding) =>
  mount(forwardingApi, {
    "GET /api/v1/forwarders": async ({ scope }) => wholeList(await forwarding.list(scope)),
    "POST /api/v1/forwarders": ({ scope, body }) => forwarding.create(scope, body),
    "PATCH /api/v1/forwarders/:forwarderId": ({ scope, params, body }) =>
      forwarding.update(scope, params.forwarderId, body),
    "DELETE /api/v1/forwarders/:forwarderId": async ({ scope, params }) => {
      await forwarding.delete(scope, params.forwarderId);
      return { ok: true as const };
    },
    "POST /api/v1/forwarders/:forwarderId/test": ({ scope, params }) => forwarding.test(scope, params.forwarderId),
  });
