import type { Clock } from "../../../../kernel/clock.ts";
import type { Sink } from "../../../../kernel/sink.ts";
import { answerHead } from "../answer/answer-head.ts";
import type { CacheMatch } from "../answer/cache-match.ts";
import { type CallResult, type Delivery, embeddingsResult, okResult } from "../answer/delivery.ts";
import { sendWhole } from "../answer/send-answer.ts";
import { NO_ATTEMPTS } from "../attempt/attempt-log.ts";
import { formatOf } from "../formats/formats.ts";
import type { ChatResponse } from "../formats/hub/hub.ts";
import type { Call } from "../request/read-call.ts";
import type { Plan } from "../resolve/resolve-model.ts";
import type { AnswerCache, CachedAnswer } from "./answer-cache.ts";
import { createCacheKeys, isCacheable } from "./cache-key.ts";

type Receiver = {
  readonly sink: Sink;
  readonly variant: string | undefined;
  readonly match: CacheMatch;
  /** The answer as its guards let it through; null without guards. */
  readonly guarded: { readonly stored: ChatResponse; readonly shown: ChatResponse } | null;
};
/** An answer that the caller has, to be stored. */
export type SentAnswer = { readonly result: CallResult; readonly body: Delivery["body"]; readonly name: string };
export type CacheSlot = { readonly key: string; readonly ttlSeconds: number };

/** The exact cache for calls. It is off unless the caller, the endpoint or the connection sets a lifetime. */
export function createCallCache({ cache, clock }: { cache: AnswerCache; clock: Clock }) {
  const keyOf = createCacheKeys();
  return {
    /** Null for a call whose answer depends on more than the request. */
    slotOf(call: Call, plan: Plan, ttlSeconds: number): CacheSlot | null {
      return isCacheable(call) ? { key: keyOf(call, plan), ttlSeconds } : null;
    },

    /** Without a promise for an answer in memory, so that a hit costs almost nothing. */
    find(call: Call, { key }: CacheSlot): CachedAnswer | null | Promise<CachedAnswer | null> {
      return cache.findInMemory(key) ?? cache.find(call.scope.projectId, key);
    },

    send(call: Call, answer: CachedAnswer, { sink, variant, match, guarded }: Receiver): Delivery | Promise<Delivery> {
      const { name } = answer;
      const response = guarded?.stored ?? answer.response;
      const shown = guarded?.shown ?? response;
      const isStream = call.isStream && response !== null;
      sink.head(
        200,
        answerHead(call, { model: name, variant, isStream, cache: "hit", match, log: NO_ATTEMPTS }, clock),
      );
      if (isStream)
        return sendWhole(call, { response, shown: shown ?? response }, { sink, model: response.model, clock });
      const body = shown && shown !== answer.response ? wholeBody(call, null, shown) : answer.body;
      sink.end(body);
      const result = () =>
        response ? okResult(response) : embeddingsResult({ model: answer.embeddingModel, usage: answer.usage });
      return { firstTokenAt: null, isBroken: false, body, result };
    },

    /** Saves a whole answer. Only a successful answer is worth repeating. */
    save(call: Call, slot: CacheSlot, sent: SentAnswer): void {
      const { response, embeddings, status } = sent.result;
      if (status !== "ok" || (response === null && embeddings === null)) return;
      if (sent.body === null && wantsLogprobs(call)) return;
      const answer = toCachedAnswer(call, sent);
      void cache.save(call.scope.projectId, slot.key, { answer, ttlSeconds: slot.ttlSeconds });
    },
  };
}
export type CallCache = ReturnType<typeof createCallCache>;

/** An answer in the form in which caches store it. */
export const toCachedAnswer = (
  call: Call,
  { result: { response, embeddings }, body, name }: SentAnswer,
): CachedAnswer => ({
  body: wholeBody(call, body, response),
  response,
  name,
  embeddingModel: embeddings?.model ?? "",
  usage: embeddings?.usage ?? null,
});

/** The chunks of a stream are joined without log-probabilities, which are many times longer than its text. */
export const wantsLogprobs = ({ request: { logprobs, top_logprobs: top, include } }: Call): boolean =>
  logprobs === true ||
  typeof logprobs === "number" ||
  (typeof top === "number" && top > 0) ||
  (Array.isArray(include) && include.includes("message.output_text.logprobs"));

/** The body in the caller's format: as it was sent, or for a stream the whole answer. */
function wholeBody({ format, request }: Call, body: Delivery["body"], response: ChatResponse | null): string {
  if (body !== null) return body.toString();
  return response === null || format === "embeddings"
    ? ""
    : JSON.stringify(formatOf(format).fromChat(response, request));
}
