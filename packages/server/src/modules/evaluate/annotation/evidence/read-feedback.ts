import type { Feedback, FeedbackFilter, ScoreConfig, Span } from "@treadle/contract";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Columnar } from "../../../../platform/columnar/port.ts";
import { readMessages } from "../../../data/datasets/index.ts";
import type { SpanKey, Traces } from "../../../observe/traces/index.ts";
import type { Dropped } from "./dropped.ts";
import type { AnswerEvidence, Message, Origin, PairEvidence } from "./evidence.ts";
import { findLater, spanKey } from "./find-later.ts";
import { createLastCallStore } from "./last-call-store.ts";
import { type FeedbackLists, listConfigs, listFeedback } from "./list-feedback.ts";
import { asMessages, correctionOf } from "./read-content.ts";
import { withScale } from "./read-queue.ts";
import { verdictOf } from "./verdict-of.ts";

export type FeedbackReading = {
  readonly columnar: Pick<Columnar, "select">;
  readonly traces: Pick<Traces, "picked">;
  readonly feedback: FeedbackLists;
};
export type FoundFeedback = {
  readonly found: number;
  readonly answers: readonly AnswerEvidence[];
  /** For regenerated answers. */
  readonly pairs: readonly PairEvidence[];
};

type Answered = {
  readonly prompt: Message[];
  readonly tools: readonly unknown[] | null;
  readonly answer: Message[];
  readonly model: string;
  readonly sessionId: string;
};
type Placed = { readonly feedback: Feedback; readonly traceId: string; readonly spanId: string };

/** Feedback of end users with the answers. Feedback without a target is counted as dropped. */
export function createFeedbackReader({ columnar, traces, feedback }: FeedbackReading) {
  const calls = createLastCallStore(columnar);

  /** Feedback on a whole trace is about its last answer. */
  async function place({ projectId }: Scope, all: readonly Feedback[], dropped: Dropped): Promise<Placed[]> {
    const ofTraces = all.flatMap(({ target }) => (target.traceId && !target.spanId ? [target.traceId] : []));
    const answers = await calls.listAnswers(projectId, [...new Set(ofTraces)]);
    return all.flatMap((one) => {
      const { traceId } = one.target;
      const spanId = one.target.spanId || answers.get(traceId);
      if (traceId && spanId) return [{ feedback: one, traceId, spanId }];
      dropped.add("gone", [one.feedbackId]);
      return [];
    });
  }

  async function readAnswers({ projectId }: Scope, keys: readonly SpanKey[]): Promise<Map<string, Answered>> {
    const once = new Map(keys.map((key) => [spanKey(key), { traceId: key.traceId, spanId: key.spanId }]));
    const answersByKey = new Map<string, Answered>();
    for await (const { span } of traces.picked.read(projectId, [...once.values()]))
      answersByKey.set(spanKey(span), answered(span));
    return answersByKey;
  }

  return async function read(scope: Scope, filter: FeedbackFilter, dropped: Dropped): Promise<FoundFeedback> {
    const all = await listFeedback(feedback, scope, filter);
    const configs = await listConfigs(feedback, scope);
    const placed = await place(scope, all, dropped);
    const answers = await readAnswers(scope, placed);
    const again = placed.flatMap((one) => {
      const sessionId = answers.get(spanKey(one))?.sessionId ?? "";
      return one.feedback.signal === "regenerated" && sessionId !== "" ? [{ ...one, sessionId }] : [];
    });
    const later = await findLater(calls, scope, again);
    const laterAnswers = await readAnswers(scope, [...later.values()]);
    const evidence: AnswerEvidence[] = [];
    const pairs: PairEvidence[] = [];
    for (const one of placed) {
      const own = answers.get(spanKey(one));
      const reason = whyNot(own);
      if (own === undefined || reason !== null) {
        dropped.add(reason ?? "gone", [one.feedback.feedbackId]);
        continue;
      }
      const said = evidenceOf(one, own, configs.get(one.feedback.name));
      const next = later.get(spanKey(one));
      const other = next && laterAnswers.get(spanKey(next));
      if (other && other.answer.length > 0) pairs.push(regenerated(said, other));
      else if (saysNothing(said)) dropped.add("unjudged", [one.feedback.feedbackId]);
      if (!saysNothing(said)) evidence.push(said);
    }
    return { found: all.length, answers: withScale(evidence), pairs };
  };
}
export type ReadFeedback = ReturnType<typeof createFeedbackReader>;

function whyNot(answer: Answered | undefined) {
  if (!answer) return "gone";
  if (answer.prompt.length === 0) return "noPrompt";
  return answer.answer.length === 0 ? "noAnswer" : null;
}

function answered(span: Span): Answered {
  const { parameters, attributes } = span;
  const tools = parameters.tools ?? attributes["gen_ai.tool.definitions"];
  return {
    prompt: asMessages(readMessages(span.input, "user"), "user"),
    answer: asMessages(readMessages(span.output, "assistant"), "assistant"),
    tools: Array.isArray(tools) && tools.length > 0 ? tools : null,
    model: span.responseModel || span.requestModel,
    sessionId: span.sessionId,
  };
}

function evidenceOf(
  { feedback, traceId, spanId }: Placed,
  { model, sessionId: _, ...own }: Answered,
  config: ScoreConfig | undefined,
): AnswerEvidence {
  const { feedbackId, userId, givenBy, consent, time, correction, expectedOutput } = feedback;
  const origin: Origin = {
    sourceIds: [feedbackId],
    annotators: [userId || givenBy || feedbackId],
    consent,
    createdAt: time,
    traceId,
    spanId,
    model,
    guidelineVersion: null,
    isGuidelineCurrent: true,
  };
  const corrected = correction === null ? [] : correctionOf(correction);
  return {
    ...own,
    correction: corrected.length > 0 ? corrected : null,
    ...(expectedOutput !== null && { expected: expectedOutput }),
    ...verdictOf(feedback, config),
    scaled: null,
    origin,
  };
}

const saysNothing = ({ correction, expected, isGood, rating }: AnswerEvidence) =>
  correction === null && expected === undefined && isGood === null && rating === null;

const regenerated = ({ prompt, tools, answer, origin }: AnswerEvidence, other: Answered): PairEvidence => ({
  kind: "regeneration",
  prompt,
  tools,
  chosen: other.answer,
  rejected: answer,
  isTie: false,
  margin: null,
  chosenVariant: other.model,
  rejectedVariant: origin.model,
  conflict: null,
  origin,
  votes: { chosen: 1, rejected: 0, tie: 0 },
});
