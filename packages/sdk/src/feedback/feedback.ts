import type { Answer, Client, RequestFor } from "../client.ts";

type GiveBody = RequestFor<"POST /api/v1/feedback">["body"];
type TokenBody = RequestFor<"POST /api/v1/feedback-tokens">["body"];
type Content = Omit<GiveBody, "target">;

/** What feedback is about: a trace or a span of it, a session, or the answer of the gateway with this id. */
type Target = GiveBody["target"];
/** Feedback as one object: the target together with the content. */
export type Given = Target & Content;

/**
 * Feedback from a program. `client` is one of `createClient`, with a key that may write feedback. Every call throws an
 * `ApiError` where the server refuses.
 */
export function createFeedback(client: Pick<Client, "call">) {
  return {
    /** Resolves once the feedback is on disk. Given again by the same user under the same name, it replaces what was there. */
    give: (given: Given): Promise<Answer<"POST /api/v1/feedback">> =>
      client.call("POST /api/v1/feedback", { body: toBody(given) }),

    /** Up to 1,000 entries. `results` contains the result of each entry, in order. */
    giveAll: (given: readonly Given[]): Promise<Answer<"POST /api/v1/feedback/batch">> =>
      client.call("POST /api/v1/feedback/batch", { body: { items: given.map(toBody) } }),

    /** Takes feedback back; it counts no more. */
    async retract(feedbackId: string): Promise<void> {
      await client.call("DELETE /api/v1/feedback/:feedbackId", { params: { feedbackId } });
    },

    /** A token for one page of an end user, which `sendFeedback` and the widget need in place of a key. */
    createToken: ({ names, userId, expiresInSeconds, perMinute, ...target }: Target & Omit<TokenBody, "target">) =>
      client.call("POST /api/v1/feedback-tokens", {
        body: { target, names, userId, expiresInSeconds, perMinute },
      }),
  };
}
export type FeedbackCalls = ReturnType<typeof createFeedback>;

function toBody({ traceId, spanId, sessionId, responseId, ...content }: Given): GiveBody {
  return { ...content, target: { traceId, spanId, sessionId, responseId } };
}
