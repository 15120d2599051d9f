import { createHash } from "node:crypto";
import type { FeedbackInput } from "@treadle/contract";
import type { HeldValue } from "./read-value.ts";

/** Whose feedback it is, and by which way it came. */
export type Giver = {
  readonly source: "api" | "widget" | "ui";
  /** The person's or the key's id, or the token that an end user's browser has. */
  readonly givenBy: string;
  /**
   * The identity of a person, also without a user: a signed-in person or a token's holder. Null for the API, where each
   * entry is separate.
   */
  readonly asker: string | null;
};

/** The target of feedback after the answer's id is resolved. */
export type Place = {
  readonly traceId: string;
  readonly spanId: string;
  readonly sessionId: string;
  readonly responseId: string;
};

/** The key of one person's entry, stored to replace or withdraw it. */
export type SlotFacts = Place & {
  readonly feedbackId: string;
  readonly slot: string;
  readonly name: string;
  /** Microseconds since 1970. */
  readonly timeMicros: number;
  readonly userId: string;
  readonly givenBy: string;
  readonly source: string;
};

const hashOf = (parts: readonly string[]) => createHash("sha256").update(JSON.stringify(parts)).digest("base64url");

/** The id of feedback that has a key: the same key of the same asker gives the same id, before and after a restart. */
export const keyedId = (projectId: string, asker: string | null, key: string) =>
  `fb_${hashOf([projectId, asker ?? "", key]).slice(0, 26)}`;

/** A hash of the content, so that the same key with other content is detected. */
export const contentHash = ({ idempotencyKey: _, ...content }: FeedbackInput) =>
  createHash("sha256").update(JSON.stringify(content)).digest("base64url").slice(0, 22);

/** A place as one text. The id of an answer counts only until its trace is known. */
const placeKey = ({ traceId, spanId, sessionId, responseId }: Place) =>
  traceId === "" ? ["", "", sessionId, responseId] : [traceId, spanId, "", ""];

/**
 * One person's feedback with one name on one target is a slot, whose newest entry counts. Anonymous entries each have
 * their own slot.
 */
export function slotOf(place: Place, { name, userId, asker, feedbackId }: SlotOwner): string {
  if (userId === "" && asker === null) return place.traceId === "" ? `${feedbackId} waiting` : feedbackId;
  const whose = userId !== "" ? ["user", userId] : ["asker", asker ?? ""];
  return hashOf([...whose, ...placeKey(place), name]).slice(0, 22);
}
type SlotOwner = {
  readonly name: string;
  readonly userId: string;
  readonly asker: string | null;
  readonly feedbackId: string;
};

type Content = {
  readonly facts: SlotFacts;
  readonly held: HeldValue;
  readonly input: FeedbackInput;
  readonly consent: boolean;
  /** A hash of the content. Empty if nothing will be compared with it. */
  readonly hash: string;
};

/** Missing fields have the column's default, so that a row is as short as its content. */
const orNone = (text: string) => (text === "" ? undefined : text);
const json = (value: unknown) => (value === undefined ? undefined : JSON.stringify(value));

/** Feedback as a row of the table `feedback`. Its time is a whole number of what the column counts in, microseconds. */
export const toFeedbackRow = (projectId: string, { facts, held, input, consent, hash }: Content, version: number) => ({
  project_id: projectId,
  time: facts.timeMicros,
  feedback_id: facts.feedbackId,
  slot: facts.slot,
  version,
  trace_id: orNone(facts.traceId),
  span_id: orNone(facts.spanId),
  session_id: orNone(facts.sessionId),
  response_id: orNone(facts.responseId),
  name: facts.name,
  user_id: orNone(facts.userId.toWellFormed()),
  given_by: facts.givenBy,
  source: facts.source,
  kind: held.kind,
  value: held.value,
  label: orNone(held.label),
  comment: orNone(input.comment.toWellFormed()),
  correction: json(input.correction),
  expected_output: json(input.expectedOutput),
  signal: input.signal,
  signal_detail: json(input.signalDetail),
  metadata: JSON.stringify(input.metadata),
  consent,
  body_hash: orNone(hash),
});

/** A row that withdraws the entry of a slot. */
export const toRetractionRow = (projectId: string, facts: SlotFacts, version: number) => ({
  project_id: projectId,
  time: facts.timeMicros,
  feedback_id: facts.feedbackId,
  slot: facts.slot,
  version,
  is_retracted: true,
  trace_id: facts.traceId,
  span_id: facts.spanId,
  session_id: facts.sessionId,
  response_id: facts.responseId,
  name: facts.name,
  user_id: facts.userId.toWellFormed(),
  given_by: facts.givenBy,
  source: facts.source,
});
