import { FeedbackInput, type FeedbackReceipt, readShape } from "@treadle/contract";
import { AppError, notFound } from "../../../kernel/errors.ts";
import type { Scope } from "../../../kernel/scope.ts";
import { createGiving, createVersions, type Outcome } from "./give/give-feedback.ts";
import type { Given } from "./give/prepare-feedback.ts";
import { createPublicFeedback } from "./give/public-feedback.ts";
import { redactFeedback } from "./give/redact-feedback.ts";
import { createWaiting } from "./give/resolve-waiting.ts";
import { createFeedbackReads } from "./read-feedback.ts";
import { createScoreConfigs } from "./score-configs-service.ts";
import { type Giver, toRetractionRow } from "./slots/feedback-row.ts";
import { createKnownSlots } from "./slots/known-slots.ts";
import { createRecentFeedback } from "./slots/recent-feedback.ts";
import { createPlaces } from "./slots/resolve-ref.ts";
import { createScoreRules } from "./slots/score-rules.ts";
import type { FeedbackDeps } from "./stores/deps.ts";
import { createFeedbackStore } from "./stores/feedback-store.ts";
import { createPlaceStore } from "./stores/place-store.ts";

/** Feedback: stored in the spool, read from the columnar store, and counted as scores of spans. */
export function createFeedback(deps: FeedbackDeps) {
  const { columnar, spool, clock, namesOf } = deps;
  const places = createPlaceStore(columnar);
  const rules = createScoreRules(deps);
  const lately = createRecentFeedback();
  const nextVersion = createVersions(clock);
  const findPlace = createPlaces({ store: places, clock, isDeleted: deps.isDeleted });
  const findSlot = createKnownSlots({ lately, places, spool });
  const giving = createGiving({ ...deps, lately, findPlace, rules, findSlot, nextVersion });
  const waiting = createWaiting({ ...deps, nextVersion });

  function redact(projectId: string, given: Given): Given {
    const redactor = deps.redactorFor(projectId);
    return redactor ? { ...given, input: redactFeedback(given.input, redactor) } : given;
  }
  async function giveAll(projectId: string, items: readonly (Given | AppError)[]) {
    const given = items.map((each) => (each instanceof AppError ? each : redact(projectId, each)));
    const outcomes = await giving.giveAll(projectId, given);
    const waits = given.some(
      (each, index) => !(each instanceof AppError) && waitsForAnswer(each, receiptOf(outcomes[index])),
    );
    if (waits) await waiting.watch({ projectId });
    return outcomes;
  }
  function giveOne(projectId: string, received: Given): Promise<FeedbackReceipt> {
    try {
      const given = redact(projectId, received);
      const writing = giving.giveOne(projectId, given);
      return given.input.target.responseId === undefined ? writing : watchIfWaiting(projectId, given, writing);
    } catch (error) {
      return Promise.reject(error);
    }
  }
  async function watchIfWaiting(projectId: string, given: Given, kept: Promise<FeedbackReceipt>) {
    const receipt = await kept;
    if (waitsForAnswer(given, receipt)) await waiting.watch({ projectId });
    return receipt;
  }

  return {
    configs: createScoreConfigs({ ...deps, rules }),
    ...createPublicFeedback({ ...deps, findPlace, giveOne }),
    resolveWaiting: waiting.resolve,

    /** Resolves once it is on disk. */
    give: (scope: Scope, input: FeedbackInput): Promise<FeedbackReceipt> =>
      giveOne(scope.projectId, { input, giver: giverOf(scope) }),

    /** One result for each item, in their order; what is wrong with one does not hold up the others. */
    async giveBatch(scope: Scope, items: readonly unknown[]) {
      const giver = giverOf(scope);
      const outcomes = await giveAll(
        scope.projectId,
        items.map((item) => readItem(item, giver)),
      );
      const results = outcomes.map((outcome) =>
        "receipt" in outcome
          ? { feedback: outcome.receipt, error: null }
          : { feedback: null, error: describeError(outcome.error) },
      );
      const storedCount = results.filter(({ error }) => error === null).length;
      return { kept: storedCount, refused: results.length - storedCount, results };
    },

    ...createFeedbackReads({ store: createFeedbackStore(columnar), namesOf }),

    /** The person's feedback here is withdrawn, including replaced entries. */
    async retract({ projectId }: Scope, feedbackId: string): Promise<void> {
      const known = await findSlot(projectId, feedbackId);
      if (!known) throw notFound("feedback", feedbackId);
      await spool.append("feedback", [toRetractionRow(projectId, known.facts, nextVersion())]);
    },
  };
}
export type FeedbackService = ReturnType<typeof createFeedback>;

const waitsForAnswer = ({ input }: Given, receipt: FeedbackReceipt | null) =>
  input.target.responseId !== undefined && receipt?.state === "waiting";

const receiptOf = (outcome: Outcome | undefined) => (outcome && "receipt" in outcome ? outcome.receipt : null);

const giverOf = ({ userId, actor }: Scope): Giver =>
  userId === null ? { source: "api", givenBy: actor, asker: null } : { source: "ui", givenBy: actor, asker: actor };

function readItem(item: unknown, giver: Giver): Given | AppError {
  const read = readShape(FeedbackInput, item);
  if (read.success) return { input: read.data, giver };
  const issues = read.error.issues.slice(0, 5).map(({ path, message }) => ({ path: path.join("."), message }));
  const message = issues.map(({ path, message: what }) => (path === "" ? what : `${path}: ${what}`)).join("; ");
  return new AppError("invalid_request", { message: `${message}.`, details: { issues } });
}

const describeError = ({ code, message, details }: AppError) => ({ code, message, details: details ?? null });
