import { createHash } from "node:crypto";
import type { IssueKind } from "@treadle/contract";
import { normalizeMessage } from "./normalize-message.ts";

/** What failures with one fingerprint have in common. */
export type Cause = {
  readonly kind: IssueKind;
  readonly errorType: string;
  readonly statusCode: string;
  readonly toolName: string;
  readonly finishReason: string;
  /** The score or the guard's finding. */
  readonly rule: string;
  /** The template of the message. */
  readonly message: string;
};

/** One failure: its cause, where it happened, and to whom. */
export type Failure = Cause & {
  readonly fingerprint: string;
  /** Unique within the fingerprint, so that a failure that is read twice counts once. */
  readonly key: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly at: Date;
  readonly userId: string;
  readonly sessionId: string;
  readonly release: string;
  readonly promptName: string;
  readonly promptVersion: string;
  readonly model: string;
  readonly endpoint: string;
};

export const fingerprintOf = (cause: Cause): string =>
  createHash("sha256")
    .update(
      JSON.stringify([
        cause.kind,
        cause.errorType,
        cause.statusCode,
        cause.toolName,
        cause.finishReason,
        cause.rule,
        cause.message,
      ]),
    )
    .digest("hex")
    .slice(0, 32);

/** Fingerprints can only mean the same if these are equal. The type of an error is a matter of the library that raised it. */
export const groupKeyOf = ({ kind, toolName, finishReason, rule }: Cause): string =>
  JSON.stringify([kind, toolName, finishReason, rule]);

type Named = Partial<Cause> & Pick<Cause, "kind">;

/** A cause from a raw message and the facts that are known. */
export const causeOf = ({ message = "", ...facts }: Named): Cause => ({
  errorType: "",
  statusCode: "",
  toolName: "",
  finishReason: "",
  rule: "",
  ...facts,
  message: normalizeMessage(message),
});

const NAMES: Readonly<Record<IssueKind, string>> = {
  error: "Error",
  tool: "Tool error",
  refusal: "Refused answer",
  truncation: "Cut off answer",
  schema: "Answer does not match the schema",
  score: "Failing score",
  guard: "Blocked by a guard",
  feedback: "Negative feedback",
};

/** The cause in words, without text of traces: for notices to other systems. */
export function nameOf({ kind, errorType, statusCode, toolName, finishReason, rule }: Cause): string {
  const subject = [toolName, rule, errorType, statusCode && `status ${statusCode}`, finishReason].filter(Boolean);
  return subject.length > 0 ? `${NAMES[kind]}: ${subject.join(", ")}` : NAMES[kind];
}

const MOST_TITLE = 200;

/** The title of an issue: its message if it has one, otherwise the cause in words. */
export function titleOf(cause: Cause): string {
  const start = cause.toolName || cause.rule || cause.errorType;
  if (cause.message === "") return cut(nameOf(cause));
  return cut(start === "" ? cause.message : `${start}: ${cause.message}`);
}

const cut = (title: string) => (title.length > MOST_TITLE ? `${title.slice(0, MOST_TITLE - 1)}…` : title);
