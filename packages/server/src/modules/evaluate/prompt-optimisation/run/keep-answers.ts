import type { ExperimentSpent } from "@treadle/contract";
import type { Scope } from "../../../../kernel/scope.ts";
import type { JobRun } from "../../../../platform/jobs/port.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { addUsed, type Budget, type Used } from "../../experiments/index.ts";
import { createAnswerStore, createOptimisationStore, type OptimisationRow } from "../stores/store.ts";

type Keeping = {
  readonly db: Postgres;
  readonly run: Pick<JobRun<unknown, object>, "save"> & { readonly scope: Scope };
  readonly row: Pick<OptimisationRow, "id" | "spent">;
};

/**
 * Writes answers one after another, each together with its cost. An answer that was paid for but not written when the
 * server was killed is requested again, and counted once. The sum always equals the stored answers.
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
    /** The cost of stored answers. */
    spent: (): ExperimentSpent => spent,
    keep(...order: Parameters<typeof write>): Promise<void> {
      const writing = last.then(() => write(...order));
      // The caller that waits for this write gets its error. The next writes are still attempted.
      last = writing.catch(() => undefined);
      return writing;
    },
  };
}

/** A budget that also returns its own usage. */
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
