// Requests as an instrumented application sends them, in protobuf: GenAI chat spans of about 2 kB with messages, tools and usage.
import { jsonSpan, jsonTraces } from "../../packages/server/src/modules/observe/traces/otlp/testing/otlp-json.ts";
import { tracesToProtobuf } from "../../packages/server/src/modules/observe/traces/otlp/testing/to-protobuf.ts";

const WORDS =
  "the order was delivered late and the customer asks whether a refund or a new shipment can be arranged before the weekend because the gift is for a birthday and nothing else in the store fits".split(
    " ",
  );
const pick = <Item>(items: readonly Item[]): Item => {
  const item = items[Math.floor(Math.random() * items.length)];
  if (item === undefined) throw new Error("nothing to pick from");
  return item;
};
const sentence = (words: number) => Array.from({ length: words }, () => pick(WORDS)).join(" ");
const message = (role: string, content: string) => ({ role, parts: [{ type: "text", content }] });

const RESOURCE = {
  "service.name": "support-bot",
  "service.version": "2.4.1",
  "telemetry.sdk.language": "nodejs",
  "telemetry.sdk.name": "opentelemetry",
  "telemetry.sdk.version": "2.12.0",
  "deployment.environment.name": "production",
  "host.name": "web-3",
};

const chatAttributes = () => ({
  "gen_ai.operation.name": "chat",
  "gen_ai.provider.name": "openai",
  "gen_ai.request.model": "gpt-4o-mini",
  "gen_ai.response.model": "gpt-4o-mini-2024-08-06",
  "gen_ai.response.id": `chatcmpl-${Math.random().toString(36).slice(2)}`,
  "gen_ai.request.temperature": 0.2,
  "gen_ai.request.max_tokens": 512,
  "gen_ai.response.finish_reasons": ["stop"],
  "gen_ai.usage.input_tokens": Math.floor(Math.random() * 2_000),
  "gen_ai.usage.output_tokens": Math.floor(Math.random() * 400),
  "gen_ai.usage.cache_read.input_tokens": 64,
  "gen_ai.input.messages": JSON.stringify([
    message("system", "You answer customers of a shop briefly and kindly."),
    message("user", sentence(80)),
  ]),
  "gen_ai.output.messages": JSON.stringify([{ ...message("assistant", sentence(60)), finish_reason: "stop" }]),
  "user.id": `user-${Math.floor(Math.random() * 5_000)}`,
  "session.id": `session-${Math.floor(Math.random() * 20_000)}`,
  "app.tenant": pick(["acme", "globex", "initech"]),
  "server.address": "api.openai.com",
  "server.port": 443,
});

/** A body of that many spans of now; every other one a chat, the rest plain steps around them. */
export function makeRequest(spans: number): Buffer {
  const list = Array.from({ length: spans }, () =>
    jsonSpan({ name: "chat gpt-4o-mini", ms: 200 + Math.random() * 3_000, attributes: chatAttributes() }),
  );
  return tracesToProtobuf(jsonTraces(list, RESOURCE));
}

/** Other ids in the same body, so that no two requests hold the same spans. */
export function freshenIds(body: Buffer, places: readonly number[]): void {
  for (const place of places) {
    for (let at = place; at < place + 16; at++) body[at] = Math.floor(Math.random() * 255) + 1;
    for (let at = place + 18; at < place + 26; at++) body[at] = Math.floor(Math.random() * 255) + 1;
  }
}

const ID_HEAD = Buffer.from([0x0a, 0x10]);

/** Where the trace ids of a body made here are; each is followed by its span id. */
export function placesOfIds(body: Buffer): number[] {
  const places: number[] = [];
  for (let at = body.indexOf(ID_HEAD); at >= 0; at = body.indexOf(ID_HEAD, at + 1)) {
    if (body[at + 18] === 0x12 && body[at + 19] === 0x08) places.push(at + 2);
  }
  return places;
}
