import { sendersApi } from "@treadle/contract";
import type { Call } from "../../../../kernel/call.ts";
import { mount } from "../../../../platform/http/handlers.ts";
import type { Senders } from "./service.ts";

export function senderRoutes(senders: Senders) {
  const originOf = ({ headers }: Pick<Call, "headers">) => senders.originOf(headers.host ?? "");
  return mount(sendersApi, {
    "GET /api/public/projects": ({ scope }) => senders.describeProjects(scope),
    "POST /api/public/scores": ({ scope, body }) => senders.createScores(scope, body),
    "POST /api/public/ingestion": ({ scope, body }) => senders.ingest(scope, body.batch),
    "POST /api/public/media": async (call) => senders.announceMedia(call.scope, call.body, originOf(call)),
    "PUT /api/public/media-uploads/:ticket": ({ params, bytes }) => senders.uploadMedia(params.ticket, bytes),
    "PATCH /api/public/media/:media": async () => ({ ok: true }),
    "POST /v2/traces/:trace/spans/:span/images": async (call) =>
      senders.announceImage(call.scope, { ...call.params, ...call.body }, originOf(call)),
    "POST /v2/images/:ticket": (call) =>
      senders.uploadImage(call.scope, {
        ticket: call.params.ticket,
        data: call.body.image_data,
        origin: originOf(call),
      }),
  });
}
