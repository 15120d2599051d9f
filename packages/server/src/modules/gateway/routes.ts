import { gatewayApi } from "@treadle/contract";
import { mount } from "../../platform/http/handlers.ts";
import type { WireCaller } from "./call.ts";
import type { Gateway } from "./service.ts";

/** A route of another API's wire format writes its own bytes; these two are small enough to be written here. */
function sendJson({ sink }: Pick<WireCaller, "sink">, answer: unknown): void {
  sink.head(200, { "content-type": "application/json; charset=utf-8", "cache-control": "no-store" });
  sink.end(JSON.stringify(answer));
}

export const gatewayRoutes = (gateway: Gateway) =>
  mount(gatewayApi, {
    "POST /v1/chat/completions": (call) => gateway.chat(call.scope, call.body, call),
    "POST /v1/completions": (call) => gateway.completions(call.scope, call.body, call),
    "POST /v1/embeddings": (call) => gateway.embeddings(call.scope, call.body, call),
    "POST /v1/responses": (call) => gateway.responses(call.scope, call.body, call),
    "GET /v1/models": async (call) => sendJson(call, await gateway.listModels(call.scope)),
    "GET /v1/models/:model": async (call) => sendJson(call, await gateway.getModel(call.scope, call.params.model)),
    "POST /v1/messages": (call) => gateway.messages(call.scope, call.body, call),
    "POST /v1/messages/count_tokens": async (call) =>
      sendJson(call, { input_tokens: await gateway.countTokens(call.scope, call.body, call) }),
  });
