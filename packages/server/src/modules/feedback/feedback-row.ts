import { createHash } from "node:crypto";
import type { FeedbackInput } from "@treadle/contract";
import type { HeldValue } from "./read-value.ts";

/** Whose feedback it is, and by which way it came. */
export type Giver = {
  readonly source: "api" | "widget" | "ui";
  /** The person's or the key's id, or the token that an end user's browser has. */
  readonly givenBy: string;
  /** Who is one person, also where no user is named: a signed-in one or the holder of a token. Null for the API, where each stands alone. */
  readonly asker: string | null;
};

/** What feedback is about once it is known which answer an id means. */
export type Place = {
  readonly traceId: string;
  readonly spanId: string;
  readonly sessionId: string;
  readonly responseId: string;
};

/** What tells one answer of one person from all others, kept to replace or to take it back. */
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

/** What was said, so that the same key with other content is noticed. */
export const contentHash = ({ idempotencyKey: _, ...content }: FeedbackInput) =>
  createHash("sha256").update(JSON.stringify(content)).digest("base64url").slice(0, 22);

/** A place as one text. The id of an answer counts only until its trace is known. */
const placeKey = ({ traceId, spanId, sessionId, responseId }: Place) =>
  traceId === "" ? ["", "", sessionId, responseId] : [traceId, spanId, "", ""];

/** One person's answer of one name on one thing is one slot, of which the newest counts. Of nobody in particular, each stands alone. */
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
  /** Of what was said; empty where nothing will be compared with it. */
  readonly hash: string;
};

/** What is left out has the column's default, so that a row is as short as what was said. */
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

/** A row that says that what stood in the slot counts no more. */
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
