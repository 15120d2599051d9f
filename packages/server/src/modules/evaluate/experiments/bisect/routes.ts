import { bisectsApi } from "@treadle/contract";
import { mount } from "../../../../platform/http/handlers.ts";
import type { Bisects } from "./bisects-service.ts";

export const bisectRoutes = ({ bisects }: { readonly bisects: Bisects }) =>
  mount(bisectsApi, {
    "GET /api/v1/bisects": ({ scope, query }) => bisects.list(scope, query),
    "POST /api/v1/bisects": ({ scope, body }) => bisects.start(scope, body),
    "GET /api/v1/bisects/:bisectId": ({ scope, params }) => bisects.get(scope, params.bisectId),
    "POST /api/v1/bisects/:bisectId/cancel": ({ scope, params }) => bisects.cancel(scope, params.bisectId),
  });
