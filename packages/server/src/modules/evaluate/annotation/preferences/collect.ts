import type { CollectedPreferences, CollectPreferencesInput, PreferenceKind } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import { newId } from "../../../../kernel/ids.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { createDropped } from "../evidence/dropped.ts";
import { judgeAnswers } from "../evidence/judge-answers.ts";
import { listAnswered } from "../evidence/read-answered.ts";
import type { FoundFeedback } from "../evidence/read-feedback.ts";
import { evidenceOfQueue } from "../evidence/read-queue.ts";
import { checkMayRead } from "../queues/check-may-read.ts";
import { checkMayReview } from "../queues/rights.ts";
import type { PreferenceDeps } from "./deps.ts";
import { findConflicts } from "./find-conflicts.ts";
import { pairAnswers } from "./pair-answers.ts";
import { createPairListStore } from "./pair-list-store.ts";
import { toEvidence, toPairRow } from "./pair-row.ts";
import { createPairStore, type PairRow } from "./pair-store.ts";
import { pairsOfQueue } from "./pairs-of-queue.ts";

/** A correction that changes less says nothing; the same as the rules of data begin with. */
const MIN_CHANGE = 0.02;
type Part = { readonly queueId: string | null; readonly rows: readonly PairRow[]; readonly isWhole: boolean };

/** Finds pairs in queues and in feedback, and stores them. Stored pairs that a full search no longer finds are deleted. */
export function createCollecting(deps: PreferenceDeps) {
  const { db, queues, readFeedback, audit, clock } = deps;

  async function ofQueue(scope: Scope, queueId: string, at: Date): Promise<Part> {
    const queue = await queues.find(scope, queueId);
    checkMayReview(scope, queue);
    const items = await listAnswered(db, scope, queueId);
    const reading = { questions: await queues.questionsOf(queue), guidelineVersion: queue.guidelineVersion };
    const place = () => ({ id: newId("pair", clock.now()), projectId: scope.projectId, queueId, at });
    const compared = pairsOfQueue(items, reading);
    const corrected = pairAnswers(judgeAnswers(evidenceOfQueue(items, reading)), MIN_CHANGE);
    const rows = [
      ...compared.map((pair) => toPairRow(pair, { ...place(), leftWins: pair.leftWins, rightWins: pair.rightWins })),
      ...corrected.map((pair) => toPairRow(pair, place())),
    ];
    return { queueId, rows, isWhole: true };
  }

  function ofFeedback({ projectId }: Scope, { answers, pairs }: FoundFeedback, at: Date): PairRow[] {
    const pairRows = [...pairs, ...pairAnswers(judgeAnswers(answers), MIN_CHANGE)];
    return pairRows.map((pair) => toPairRow(pair, { id: newId("pair", clock.now()), projectId, queueId: null, at }));
  }

  return async function collect(scope: Scope, input: CollectPreferencesInput): Promise<CollectedPreferences> {
    if (input.queueIds.length === 0 && input.feedback === null) throw nothingAsked();
    const at = new Date(clock.now());
    const dropped = createDropped();
    const parts: Part[] = [];
    for (const queueId of new Set(input.queueIds)) parts.push(await ofQueue(scope, queueId, at));
    if (input.feedback) {
      checkMayRead(scope, "feedback:read");
      const feedbackPairs = await readFeedback(scope, input.feedback, dropped);
      const isWhole = input.feedback.from === undefined && input.feedback.to === undefined;
      parts.push({ queueId: null, rows: ofFeedback(scope, feedbackPairs, at), isWhole });
    }
    const rows = onePerKey(parts.flatMap((part) => part.rows));
    const { added, conflicts } = await db.transaction(async (tx) => {
      const isNew = await createPairStore(tx).put(rows);
      for (const { queueId, isWhole } of parts)
        if (isWhole) await createPairStore(tx).deleteUnseen(scope.projectId, queueId, at);
      await markConflicts(tx, scope.projectId, [...new Set(rows.map(({ promptKey }) => promptKey))]);
      const details = { pairs: rows.length, added: isNew, queues: input.queueIds };
      await audit.record(scope, { action: "preferences.collect", target: scope.projectId, details }, tx);
      return { added: isNew, conflicts: (await createPairListStore(tx).count(scope.projectId, {})).conflicts };
    });
    const skipped = dropped.list().map(({ reason, count }) => ({ reason, count }));
    return { pairs: rows.length, added, byKind: countKinds(rows), conflicts, skipped };
  };
}

/** Where two of the same key were found, the one with more votes stays. */
function onePerKey(rows: readonly PairRow[]): PairRow[] {
  const pairsByKey = new Map<string, PairRow>();
  for (const row of rows) {
    const before = pairsByKey.get(row.pairKey);
    if (!before || row.votesChosen > before.votesChosen) pairsByKey.set(row.pairKey, row);
  }
  return [...pairsByKey.values()];
}

function countKinds(rows: readonly PairRow[]): { kind: PreferenceKind; pairs: number }[] {
  const counts = Map.groupBy(rows, ({ kind }) => kind);
  return [...counts].map(([kind, { length: pairs }]) => ({ kind, pairs }));
}

/** Compares all pairs of the prompts with each other, wherever they are from. */
async function markConflicts(tx: Postgres, projectId: string, promptKeys: readonly string[]): Promise<void> {
  const store = createPairStore(tx);
  const rows = await store.listOfPrompts(projectId, promptKeys);
  const conflicts = findConflicts(rows.map((row) => toEvidence(row, new Map())));
  const changed = rows.flatMap(({ id, conflict }, place) => {
    const next = conflicts[place] ?? null;
    return next === conflict ? [] : [{ id, next }];
  });
  for (const [next, ofOne] of Map.groupBy(changed, (one) => one.next))
    await store.mark(
      ofOne.map(({ id }) => id),
      next,
    );
}

const nothingAsked = () =>
  new AppError("invalid_request", {
    message: "There is no source to collect from. Name queues in `queueIds`, or set `feedback` to {} for all feedback.",
    details: { field: "queueIds" },
  });
