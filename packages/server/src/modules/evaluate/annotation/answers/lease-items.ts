import type { NextItems, NextItemsInput } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { AnnotationDeps } from "../queues/deps.ts";
import type { Queues } from "../queues/queues-service.ts";
import { checkMayAnswer } from "../queues/rights.ts";
import { createClaimStore } from "../stores/claim-store.ts";
import { createHeldStore } from "../stores/held-store.ts";
import type { QueueRow } from "../stores/queue-store.ts";
import { createWorkStore } from "../stores/work-store.ts";
import { giveNext } from "./give-next.ts";

type Deps = Pick<AnnotationDeps, "db" | "clock" | "random"> & { readonly queues: Pick<Queues, "find" | "questionsOf"> };

/** Throws `conflict` for a queue that is closed. */
export function checkOpen({ isOpen, name }: Pick<QueueRow, "isOpen" | "name">): void {
  if (isOpen) return;
  throw new AppError("conflict", {
    message: `The queue "${name}" is closed. It hands out no items and accepts no answers.`,
  });
}

/** Gives items to people, for a time. */
export function createLeases({ db, clock, random, queues }: Deps) {
  function next(scope: Scope, queueId: string, input: NextItemsInput): Promise<NextItems> {
    return db.transaction(async (tx) => {
      const queue = await queues.find(scope, queueId, tx);
      checkMayAnswer(scope, queue);
      checkOpen(queue);
      const questions = await queues.questionsOf(queue, tx);
      const now = new Date(clock.now());
      const given = await giveNext(tx, random, { scope, queue, questions, now, input, isAlong: false });
      if (!given) throw new AppError("internal");
      return given;
    });
  }

  return {
    next,

    async heartbeat(scope: Scope, queueId: string, leaseIds: readonly string[]) {
      const { leaseSeconds } = await queues.find(scope, queueId);
      const expiresAt = new Date(clock.now() + leaseSeconds * 1_000);
      const of = { projectId: scope.projectId, annotator: scope.actor };
      const extended = await createWorkStore(db).extend(of, leaseIds, expiresAt);
      const isKept = new Set(extended.map(({ leaseId }) => leaseId));
      return {
        kept: extended.map(({ leaseId }) => ({ leaseId, expiresAt: expiresAt.toISOString() })),
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
