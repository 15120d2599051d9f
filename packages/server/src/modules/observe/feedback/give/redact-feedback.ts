import type { FeedbackInput } from "@treadle/contract";
import type { Redactor } from "../../redaction/index.ts";

/** Feedback as it is stored. Ids are redacted as in spans, so that feedback still finds its session. */
export function redactFeedback(input: FeedbackInput, redactor: Redactor): FeedbackInput {
  const { value, id } = redactor.begin();
  const { sessionId } = input.target;
  return {
    ...input,
    target: sessionId === undefined ? input.target : { ...input.target, sessionId: id("session-id", sessionId) },
    userId: id("user-id", input.userId),
    value: value("feedback", input.value),
    comment: value("feedback", input.comment),
    correction: value("feedback", input.correction),
    expectedOutput: value("feedback", input.expectedOutput),
    signalDetail: value("feedback", input.signalDetail),
  };
}
