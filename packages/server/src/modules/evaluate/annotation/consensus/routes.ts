import { consensusApi } from "@treadle/contract";
import { mount } from "../../../../platform/http/handlers.ts";
import type { ConsensusService } from "./service.ts";

export const consensusRoutes = (consensus: ConsensusService) =>
  mount(consensusApi, {
    "GET /api/v1/annotation-queues/:queueId/consensus": ({ scope, params, query }) =>
      consensus.get(scope, params.queueId, query),
    "POST /api/v1/annotation-queues/:queueId/consensus": ({ scope, params, body }) =>
      consensus.publish(scope, params.queueId, body),
  });
