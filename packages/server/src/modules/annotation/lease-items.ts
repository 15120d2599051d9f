import type { NextItems, NextItemsInput } from "@treadle/contract";
import { AppError } from "../../kernel/errors.ts";
import type { Scope } from "../../kernel/scope.ts";
import { createAnnotatorStore } from "./annotator-store.ts";
import { createClaimStore } from "./claim-store.ts";
import type { AnnotationDeps } from "./deps.ts";
import { createHeldStore } from "./held-store.ts";
import { toMine } from "./present-mine.ts";
import { toLeased } from "./present-work.ts";
import type { QueueRow } from "./queue-store.ts";
import type { Queues } from "./queues-service.ts";
import { checkMayAnswer } from "./rights.ts";
import { takeItems } from "./take-items.ts";
import { createWorkStore } from "./work-store.ts";

type Deps = Pick<AnnotationDeps, "db" | "clock" | "random"> & { readonly queues: Pick<Queues, "find" | "questionsOf"> };

/** So many items one person may have before them: nobody takes a queue away from the others. */
const MOST_HELD = 20;

/** Throws `conflict` for a queue that is closed. */
export function checkOpen({ isOpen, name }: Pick<QueueRow, "isOpen" | "name">): void {
  if (isOpen) return;
  throw new AppError("conflict", { message: `"${name}" is closed: it gives nothing out and takes no answers.` });
}

/** Gives items to people, for a time. */
export function createLeases({ db, clock, random, queues }: Deps) {
  /** What the caller holds already comes first, so that a page that was closed goes on where it was. */
  async function next(scope: Scope, queueId: string, { count, holding }: NextItemsInput): Promise<NextItems> {
    const queue = await queues.find(scope, queueId);
    checkMayAnswer(scope, queue);
    checkOpen(queue);
    const now = new Date(clock.now());
    const expiresAt = new Date(now.getTime() + queue.leaseSeconds * 1_000);
    const { leaseIds, person } = await db.transaction(async (tx) => {
      const arrival = { queueId, annotator: scope.actor, holding, now, expiresAt };
      const arrived = await createAnnotatorStore(tx).arrive(arrival);
      if (!arrived) throw new AppError("internal");
      const resumed = arrived.held.filter((leaseId) => !holding.includes(leaseId)).slice(0, count);
      if (resumed.length > 0)
        await createWorkStore(tx).extend({ projectId: scope.projectId, annotator: scope.actor }, resumed, expiresAt);
      const lacking = Math.min(count - resumed.length, MOST_HELD - arrived.held.length);
      const wanted = { queue, scope, person: arrived, count: lacking, now };
      const taken = lacking > 0 ? await takeItems(tx, random, wanted) : [];
      return { leaseIds: [...resumed, ...taken], person: arrived };
    });
    if (leaseIds.length === 0) return { items: [], mine: toMine(person) };
    const found = new Map((await createWorkStore(db).listWithItems(leaseIds)).map((held) => [held.work.leaseId, held]));
    const questions = await queues.questionsOf(queue);
    const items = leaseIds.flatMap((leaseId) => {
      const held = found.get(leaseId);
      return held ? [toLeased(held, { queue, questions })] : [];
    });
    return { items, mine: toMine(person) };
  }

  return {
    next,

    async heartbeat(scope: Scope, queueId: string, leaseIds: readonly string[]) {
      const { leaseSeconds } = await queues.find(scope, queueId);
      const expiresAt = new Date(clock.now() + leaseSeconds * 1_000);
      const of = { projectId: scope.projectId, annotator: scope.actor };
      const kept = await createWorkStore(db).extend(of, leaseIds, expiresAt);
      const isKept = new Set(kept.map(({ leaseId }) => leaseId));
      return {
        kept: kept.map(({ leaseId }) => ({ leaseId, expiresAt: expiresAt.toISOString() })),
        lost: leaseIds.filter((leaseId) => !isKept.has(leaseId)),
      };
    },

    async release(scope: Scope, queueId: string, leaseIds: readonly string[]) {
      await queues.find(scope, queueId);
      return db.transaction(async (tx) => {
        const work = await createHeldStore(tx).holdLeases(scope.projectId, scope.actor, leaseIds);
        await createClaimStore(tx).giveBack(work, new Date(clock.now()));
        return { released: work.length };
      });
    },
  };
}
