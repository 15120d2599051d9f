import { gatewayApi } from "@treadle/contract";
import { mount } from "../../../platform/http/handlers.ts";
import type { HttpCaller } from "./request/read-call.ts";
import type { Gateway } from "./service.ts";

/** A route in another API's format writes its own bytes; these answers are small enough to be written here. */
function sendJson({ sink }: Pick<HttpCaller, "sink">, answer: unknown): void {
  sink.head(200, { "content-type": "application/json; charset=utf-8", "cache-control": "no-store" });
  sink.end(JSON.stringify(answer));
}

export const gatewayRoutes = (gateway: Gateway) =>
  mount(gatewayApi, {
    "POST /v1/chat/completions": gateway.chat,
    "POST /v1/completions": gateway.completions,
    "POST /v1/embeddings": gateway.embeddings,
    "POST /v1/responses": gateway.responses,
    "GET /v1/models": async (call) => sendJson(call, await gateway.listModels(call.scope)),
    "GET /v1/models/:model": async (call) => sendJson(call, await gateway.getModel(call.scope, call.params.model)),
    "POST /v1/messages": gateway.messages,
    "POST /v1/messages/count_tokens": async (call) =>
      sendJson(call, { input_tokens: await gateway.countTokens(call.scope, call.body, call) }),
  });
