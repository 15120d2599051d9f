import type { Clock } from "../../kernel/clock.ts";
import type { Sink } from "../../kernel/sink.ts";
import type { AnswerCache, CachedAnswer } from "./answer-cache.ts";
import { answerHead } from "./answer-head.ts";
import { createCacheKeys, isCacheable } from "./cache-key.ts";
import type { Call } from "./call.ts";
import { chunksOf, deliverChunks } from "./deliver-chunks.ts";
import { type Delivery, type Settled, settledEmbeddings, settledWith } from "./delivery.ts";
import { wireOf } from "./outcome.ts";
import type { ChatChunk, ChatResponse } from "./providers/provider.ts";
import type { Plan } from "./resolve-model.ts";

export type CachePlace = { readonly key: string; readonly ttlSeconds: number };

/** The exact cache as a call sees it: off unless the caller, the endpoint or the connection sets a time. */
export function createCallCache({ cache, clock }: { cache: AnswerCache; clock: Clock }) {
  const keyOf = createCacheKeys();
  return {
    /** Null when the cache is off for this call. */
    placeOf(call: Call, plan: Plan): CachePlace | null {
      const [first] = plan.candidates;
      const configured =
        plan.endpoint?.cacheTtlSeconds || (first.kind === "http" ? first.connection.cacheTtlSeconds : 0);
      const ttlSeconds = call.facts.cacheSeconds ?? configured;
      return ttlSeconds > 0 && isCacheable(call) ? { key: keyOf(call, plan), ttlSeconds } : null;
    },

    /** Without a promise for what is in memory: a hit should cost next to nothing. */
    find(call: Call, { key }: CachePlace): CachedAnswer | null | Promise<CachedAnswer | null> {
      return cache.remembered(key) ?? cache.find(call.scope.projectId, key);
    },

    deliver(call: Call, answer: CachedAnswer, sink: Sink): Delivery | Promise<Delivery> {
      const { response, body, name } = answer;
      const isStream = call.isStream && response !== null;
      sink.head(200, answerHead(call, { model: name, isStream, cache: "hit" }, clock));
      if (isStream) return deliverChunks(call, replay(response), { sink, model: response.model, clock });
      sink.end(body);
      const settle = () =>
        response ? settledWith(response) : settledEmbeddings({ model: answer.embeddingModel, usage: answer.usage });
      return { firstTokenAt: null, isBroken: false, body, settle };
    },

    /** Keeps a whole answer. Only what went well from end to end is worth giving again. */
    save(
      call: Call,
      place: CachePlace,
      { settled, body, name }: { settled: Settled; body: Delivery["body"]; name: string },
    ): void {
      const { response, embeddings, status } = settled;
      if (status !== "ok" || (response === null && embeddings === null)) return;
      if (body === null && wantsLogprobs(call)) return;
      const answer = {
        body: wholeBody(call, body, response),
        response,
        name,
        embeddingModel: embeddings?.model ?? "",
        usage: embeddings?.usage ?? null,
      };
      void cache.save(call.scope.projectId, place.key, { answer, ttlSeconds: place.ttlSeconds });
    },
  };
}
export type CallCache = ReturnType<typeof createCallCache>;

/** A stream is put together without its log-probabilities, which are many times its text. */
const wantsLogprobs = ({ request: { logprobs, top_logprobs: top, include } }: Call): boolean =>
  logprobs === true ||
  typeof logprobs === "number" ||
  (typeof top === "number" && top > 0) ||
  (Array.isArray(include) && include.includes("message.output_text.logprobs"));

/** What was sent, or for a stream the answer it made up, in the caller's shape. */
function wholeBody({ wire, request }: Call, body: Delivery["body"], response: ChatResponse | null): string {
  if (body !== null) return body.toString();
  return response === null || wire === "embeddings" ? "" : JSON.stringify(wireOf(wire).fromChat(response, request));
}

async function* replay(response: ChatResponse): AsyncGenerator<ChatChunk> {
  yield* chunksOf(response);
}
