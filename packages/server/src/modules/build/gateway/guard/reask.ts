import { KIND_LABELS } from "@treadle/guards";
import type { AttemptLog } from "../attempt/attempt-log.ts";
import type { ChatResponse, ChatUsage } from "../formats/hub/hub.ts";
import { addUsage } from "../formats/hub/usage.ts";
import { addInstruction } from "../request/add-instruction.ts";
import { type Call, withRequest } from "../request/read-call.ts";
import { type GuardedResponse, guardResponse, type Means } from "./guard-message.ts";
import { type Adding, createDraftRecord } from "./guard-record.ts";

/** Sends a call once more to the target that answered it. Without a response if it failed. */
export type AskAgain = (call: Call) => Promise<{ readonly log: AttemptLog; readonly response: ChatResponse | null }>;
/** The second request for a call. */
export type Reask = {
  /** What was found in the first answer. */
  readonly kinds: readonly string[];
  readonly log: AttemptLog;
  /** The usage of the first answer. */
  readonly usage: ChatUsage;
};
type Deps = {
  readonly means: Means;
  /** For the verdict on an answer that is asked for again. */
  readonly first: Adding;
  /** The usage of an answer whose provider does not report it. */
  readonly estimate: (call: Call, response: ChatResponse) => Promise<ChatUsage>;
};

/**
 * Judges the answer of a call. After a finding of a rule that asks again, the model gets the request once more with a note, and its
 * second answer is judged without that possibility. If there is no second answer, the first one is judged so.
 */
export function createReask({ means, first: replaced, estimate }: Deps) {
  let reask: Reask | null = null;
  const judging = { ...means.judging, possible: { ...means.judging.possible, reask: true } };

  async function askOnce(call: Call, first: ChatResponse, { again, kinds }: Asking): Promise<GuardedResponse> {
    const noted = withNote(call, kinds);
    if (noted === null) return guardResponse(first, means);
    const usage = first.usage ?? (await estimate(call, first));
    const { log, response } = await again(noted);
    reask = { kinds, log, usage };
    if (response === null) return guardResponse({ ...first, usage }, means);
    const total = addUsage(usage, response.usage ?? (await estimate(noted, response)));
    return guardResponse({ ...response, usage: total }, means);
  }

  return {
    current: (): Reask | null => reask,
    async judge(call: Call, response: ChatResponse, again: AskAgain): Promise<GuardedResponse> {
      const record = createDraftRecord();
      const judged = await guardResponse(response, { ...means, record, judging });
      const isReasked = record.action() === "reask";
      record.moveTo(isReasked ? replaced : means.record);
      if (isReasked) return askOnce(call, response, { again, kinds: record.kindsOf("reask") });
      return judged;
    },
  };
}

type Asking = { readonly again: AskAgain; readonly kinds: readonly string[] };

/** Names what was found, and never its value. */
const noteOf = (kinds: readonly string[]): string => {
  const labels = kinds.map((kind) => (KIND_LABELS[kind] ?? kind).toLowerCase());
  return `A check rejected your previous answer to this request for this reason: ${labels.join(", ")}. Answer the request again, and avoid it.`;
};

/** The call with a note in its instructions; null for a request that has no place for one. */
function withNote(call: Call, kinds: readonly string[]): Call | null {
  const request = addInstruction(call.format, call.request, noteOf(kinds));
  return request ? withRequest(call, request, call.prompt) : null;
}
