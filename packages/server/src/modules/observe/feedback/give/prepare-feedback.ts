import type { FeedbackInput, FeedbackReceipt } from "@treadle/contract";
import type { Clock } from "../../../../kernel/clock.ts";
import { DAY_MS } from "../../../../kernel/day.ts";
import { AppError, notFound } from "../../../../kernel/errors.ts";
import { newTraceId } from "../../../../kernel/ids.ts";
import type { PerProject } from "../../../../kernel/per-project.ts";
import { contentHash, type Giver, keyedId, type SlotFacts, slotOf } from "../slots/feedback-row.ts";
import { type HeldValue, nameOf, readValue } from "../slots/read-value.ts";
import type { KnownSlot, RecentFeedback, RecentFeedbackStore } from "../slots/recent-feedback.ts";
import type { FindPlace, FoundPlace } from "../slots/resolve-ref.ts";
import type { ScoreRules } from "../slots/score-rules.ts";

export type Given = { readonly input: FeedbackInput; readonly giver: Giver };

export type PrepareDeps = {
  readonly clock: Clock;
  readonly lately: RecentFeedbackStore;
  readonly findPlace: FindPlace;
  readonly rules: PerProject<ScoreRules>;
  /** Feedback by its id, from memory or the store. */
  readonly findSlot: (projectId: string, feedbackId: string) => Promise<KnownSlot | null>;
};

/** Feedback to store, with the entries it replaces elsewhere; or an existing entry. */
export type Ready = {
  readonly receipt: FeedbackReceipt;
  readonly fresh: Fresh | null;
  /** An entry that another caller is storing at this moment. */
  readonly kept: Promise<unknown> | null;
};
export type Fresh = {
  /** An entry with a key, which another caller may be sending too. */
  readonly entry: RecentFeedback | null;
  readonly hash: string;
  readonly facts: SlotFacts;
  readonly held: HeldValue;
  readonly input: FeedbackInput;
  readonly consent: boolean;
  readonly replaced: SlotFacts | null;
};

type Checked = Pick<Fresh, "entry" | "hash" | "held"> & {
  readonly feedbackId: string;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly rules: ScoreRules;
};
const OLDEST_MS = 5 * 366 * DAY_MS;
const AHEAD_MS = DAY_MS;

/**
 * Checks feedback and resolves its target, without storing it. It returns synchronously if no query is needed, which is
 * true for all feedback but the first on a trace: awaiting costs more than the rest.
 */
export function createPrepare({ clock, lately, findPlace, rules, findSlot }: PrepareDeps) {
  function prepare(projectId: string, given: Given): Ready | Promise<Ready> {
    const known = rules.recall(projectId);
    if (known) return check(projectId, given, known);
    return rules.get(projectId).then((loaded) => check(projectId, given, loaded));
  }

  function check(projectId: string, { input, giver }: Given, rules: ScoreRules): Ready | Promise<Ready> {
    const checked = { rules, held: readValue(input, rules), time: checkTime(input, clock.now()) };
    const key = input.idempotencyKey;
    if (key !== undefined) return prepareKeyed(projectId, { input, giver }, { ...checked, key });
    return settle(projectId, { input, giver }, { ...checked, feedbackId: `fb_${newTraceId()}`, hash: "", entry: null });
  }

  async function prepareKeyed(
    projectId: string,
    { input, giver }: Given,
    { key, ...checked }: Pick<Checked, "rules" | "held" | "time"> & { readonly key: string },
  ): Promise<Ready> {
    const feedbackId = keyedId(projectId, giver.asker, key);
    const hash = contentHash(input);
    const known = lately.get(projectId, feedbackId);
    if (known) return repeat(feedbackId, { hash: known.hash, given: hash, kept: known.kept });
    const entry = lately.begin(projectId, feedbackId, hash);
    try {
      const stored = await findStored(projectId, feedbackId);
      if (stored) {
        entry.settle({ facts: stored.facts });
        return repeat(feedbackId, { hash: stored.hash, given: hash, kept: null });
      }
      return await settle(projectId, { input, giver }, { ...checked, feedbackId, hash, entry });
    } catch (error) {
      entry.settle({ error });
      throw error;
    }
  }

  /** The row to store, once its target and the replaced entry are known. */
  function settle(projectId: string, given: Given, checked: Checked): Ready | Promise<Ready> {
    const found = findPlace(projectId, given.input.target);
    if (found instanceof Promise) return found.then((place) => fill(projectId, { given, checked, found: place }));
    return fill(projectId, { given, checked, found });
  }

  function fill(
    projectId: string,
    { given, checked, found }: { readonly given: Given; readonly checked: Checked; readonly found: FoundPlace },
  ): Ready | Promise<Ready> {
    const { input, giver } = given;
    const { feedbackId, hash, entry, held, time, rules } = checked;
    const { place, isWaiting } = found;
    const name = nameOf(input);
    const { userId } = input;
    const { source, givenBy, asker } = giver;
    const slot = slotOf(place, { name, userId, asker, feedbackId });
    const facts = { ...place, feedbackId, slot, name, timeMicros: time * 1_000, userId, givenBy, source };
    const consent = input.consent ?? rules.defaultConsent;
    const receipt = { feedbackId, state: isWaiting ? "waiting" : "kept", isRepeat: false } as const;
    const ready = (replaced: SlotFacts | null) => ({
      receipt,
      kept: null,
      fresh: { entry, hash, facts, held, input, consent, replaced },
    });
    if (input.supersedes === undefined) return ready(null);
    return findReplaced(projectId, input.supersedes, facts).then(ready);
  }

  /** While the store is unavailable, earlier entries are unknown. The same id is then stored twice, and counts once. */
  const findStored = (projectId: string, feedbackId: string) => findSlot(projectId, feedbackId).catch(() => null);

  /** The replaced slot in addition to the entry's own. Null if they are equal. */
  async function findReplaced(projectId: string, supersedes: string, facts: SlotFacts) {
    const known = await findSlot(projectId, supersedes);
    if (!known) throw notFound("feedback", supersedes);
    const isSamePlace = known.facts.traceId === facts.traceId && known.facts.sessionId === facts.sessionId;
    if (!isSamePlace)
      throw new AppError("invalid_request", {
        message: "`supersedes` names feedback on a different target. It can only replace feedback on the same target.",
        details: { param: "supersedes" },
      });
    return known.facts.slot === facts.slot ? null : known.facts;
  }

  return prepare;
}

function repeat(
  feedbackId: string,
  { hash, given, kept }: { hash: string; given: string; kept: Promise<unknown> | null },
): Ready {
  if (hash !== given)
    throw new AppError("conflict", {
      message:
        "This `idempotencyKey` was already sent with different content. Send the same content again, or use another key for other feedback.",
      details: { param: "idempotencyKey", feedbackId },
    });
  return { receipt: { feedbackId, state: "kept", isRepeat: true }, fresh: null, kept };
}

/** Milliseconds since 1970. */
function checkTime({ time }: FeedbackInput, now: number): number {
  const given = time === undefined ? now : Date.parse(time);
  if (given >= now - OLDEST_MS && given <= now + AHEAD_MS) return given;
  throw new AppError("invalid_request", {
    message: `\`time\` is ${time}. It must be within the last five years and at most one day in the future.`,
    details: { param: "time" },
  });
}
