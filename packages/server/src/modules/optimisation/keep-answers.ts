import type { ExperimentSpent } from "@treadle/contract";
import type { Scope } from "../../kernel/scope.ts";
import type { JobRun } from "../../platform/jobs/port.ts";
import type { Postgres } from "../../platform/postgres/port.ts";
import { addUsed, type Budget, type Used } from "../evals/index.ts";
import { createAnswerStore, createOptimisationStore, type OptimisationRow } from "./store.ts";

type Keeping = {
  readonly db: Postgres;
  readonly run: Pick<JobRun<unknown, object>, "save"> & { readonly scope: Scope };
  readonly row: Pick<OptimisationRow, "id" | "spent">;
};

/**
 * Writes answers down one after the other, each together with what it cost. What was paid for and not written when the server was
 * killed is asked for again, and counted once: the sum is always that of the answers that are there.
 */
export function createKeeping({ db, run, row }: Keeping) {
  let spent: ExperimentSpent = row.spent;
  let last: Promise<unknown> = Promise.resolve();
  async function write(used: readonly Used[], add: (store: ReturnType<typeof createAnswerStore>) => Promise<void>) {
    const sum = used.reduce(addUsed, spent);
    await db.transaction(async (tx) => {
      await add(createAnswerStore(tx));
      await createOptimisationStore(tx).update(run.scope.projectId, row.id, { spent: sum });
      await run.save({}, tx);
    });
    spent = sum;
  }
  return {
    /** What is written down has cost. */
    spent: (): ExperimentSpent => spent,
    keep(...order: Parameters<typeof write>): Promise<void> {
      const kept = last.then(() => write(...order));
      // Whoever waits for this one hears of its failure; the next ones are tried all the same.
      last = kept.catch(() => undefined);
      return kept;
    },
  };
}

/** A budget that also tells what was counted through it. */
export function tallied(budget: Budget): { readonly budget: Budget; readonly used: readonly Used[] } {
  const used: Used[] = [];
  return {
    used,
    budget: {
      ...budget,
      count(one) {
        used.push(one);
        budget.count(one);
      },
    },
  };
}
