import type { DataSource } from "@treadle/contract";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { Dropped } from "../evidence/dropped.ts";
import type { AnswerEvidence, PairEvidence } from "../evidence/evidence.ts";
import { listAnswered } from "../evidence/read-answered.ts";
import type { ReadFeedback } from "../evidence/read-feedback.ts";
import { evidenceOfQueue } from "../evidence/read-queue.ts";
import { createPairListStore, type PairQuery } from "../preferences/pair-list-store.ts";
import { toEvidence } from "../preferences/pair-row.ts";
import { pairsOfQueue } from "../preferences/pairs-of-queue.ts";
import { checkMayRead } from "../queues/check-may-read.ts";
import type { Queues } from "../queues/queues-service.ts";
import { checkMayReview } from "../queues/rights.ts";

export type GatheringDeps = {
  readonly db: Postgres;
  readonly queues: Pick<Queues, "find" | "questionsOf">;
  readonly readFeedback: ReadFeedback;
};
export type Gathered = {
  readonly found: number;
  readonly answers: readonly AnswerEvidence[];
  readonly pairs: readonly PairEvidence[];
};

/** Collects judgements from the caller's sources. */
export function createGathering({ db, queues, readFeedback }: GatheringDeps) {
  async function ofQueue(scope: Scope, queueId: string, dropped: Dropped): Promise<Gathered> {
    const queue = await queues.find(scope, queueId);
    checkMayReview(scope, queue);
    const items = await listAnswered(db, scope, queueId);
    const reading = { questions: await queues.questionsOf(queue), guidelineVersion: queue.guidelineVersion };
    const [answers, pairs] = [evidenceOfQueue(items, reading), pairsOfQueue(items, reading)];
    const used = new Set([...answers, ...pairs].flatMap(({ origin }) => origin.sourceIds));
    const real = items.filter(({ isGold }) => !isGold);
    for (const { itemId } of real) if (!used.has(itemId)) dropped.add("noAnswer", [itemId]);
    return { found: real.length, answers, pairs };
  }

  async function ofPreferences(scope: Scope, query: PairQuery): Promise<Gathered> {
    const guidelines = new Map<string, number>();
    const pairs: PairEvidence[] = [];
    for await (const row of createPairListStore(db).readAll(scope.projectId, query)) {
      const { queueId } = row;
      if (queueId !== null && !guidelines.has(queueId))
        guidelines.set(queueId, (await queues.find(scope, queueId)).guidelineVersion);
      pairs.push(toEvidence(row, guidelines));
    }
    return { found: pairs.length, answers: [], pairs };
  }

  return async (scope: Scope, from: DataSource, dropped: Dropped): Promise<Gathered> => {
    switch (from.kind) {
      case "feedback":
        checkMayRead(scope, "feedback:read");
        return readFeedback(scope, from.filter, dropped);
      case "queue":
        checkMayRead(scope, "annotation:read");
        return ofQueue(scope, from.queueId, dropped);
      case "preferences":
        checkMayRead(scope, "annotation:read");
        return ofPreferences(scope, { queueId: from.queueId, kinds: from.kinds });
      default:
        return from satisfies never;
    }
  };
}
