import type { QuarantinedItem } from "@treadle/contract";
import type { Scope } from "../../../../kernel/scope.ts";
import type { EvalDeps } from "../run/deps.ts";
import { createQuarantineStore } from "./quarantine-store.ts";

type Deps = Pick<EvalDeps, "db" | "audit" | "clock" | "namesOf">;

/** Items of a suite that a gate leaves out. */
export function createQuarantine({ db, audit, clock, namesOf }: Deps) {
  async function list(scope: Scope, suite: string): Promise<QuarantinedItem[]> {
    const rows = await createQuarantineStore(db).list(scope.projectId, suite);
    const names = await namesOf(scope.projectId, [...new Set(rows.map(({ createdBy }) => createdBy))]);
    return rows.map(({ itemId, reason, createdBy, createdAt }) => ({
      suite,
      itemId,
      reason,
      createdBy: names.get(createdBy) ?? createdBy,
      createdAt: createdAt.toISOString(),
    }));
  }

  return {
    listQuarantine: async (scope: Scope, suite: string) => ({ items: await list(scope, suite) }),

    async quarantine(
      scope: Scope,
      { suite, itemIds, reason }: { suite: string; itemIds: readonly string[]; reason: string },
    ) {
      const createdAt = new Date(clock.now());
      const shared = { projectId: scope.projectId, suite, reason, createdBy: scope.actor, createdAt };
      await db.transaction(async (tx) => {
        await createQuarantineStore(tx).save([...new Set(itemIds)].map((itemId) => ({ ...shared, itemId })));
        await audit.record(scope, { action: "gate.quarantine", target: suite, details: { itemIds, reason } }, tx);
      });
      return { items: await list(scope, suite) };
    },

    async release(scope: Scope, { suite, itemIds }: { suite: string; itemIds: readonly string[] }): Promise<void> {
      await db.transaction(async (tx) => {
        await createQuarantineStore(tx).delete(scope.projectId, suite, itemIds);
        await audit.record(scope, { action: "gate.release", target: suite, details: { itemIds } }, tx);
      });
    },
  };
}
