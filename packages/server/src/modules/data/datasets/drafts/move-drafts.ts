import type { Draft } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import { type BranchRow, createBranchStore } from "../stores/branch-store.ts";
import type { DraftDeps, Drafts, On } from "./drafts-service.ts";
import { checkRevision, movedOn } from "./push-step.ts";

type Deps = Pick<DraftDeps, "db" | "audit" | "clock"> & { readonly drafts: Pick<Drafts, "get"> };

/** Taking steps of a draft back, making them again, and forgetting them all. */
export function createDraftMoves({ db, audit, clock, drafts: { get } }: Deps) {
  /** Moves along the stack without changing it. */
  async function moveTo(scope: Scope, on: On, choose: (branch: BranchRow, steps: number) => number): Promise<Draft> {
    const place = { projectId: scope.projectId, datasetId: on.datasetId, branch: on.branch };
    await db.transaction(async (tx) => {
      const inside = createBranchStore(tx);
      const branch = await inside.find(place);
      if (!branch) return;
      checkRevision(on, branch);
      const applied = choose(branch, (await inside.listSteps(place)).length);
      const to = { revision: branch.revision, applied, updatedAt: new Date(clock.now()) };
      if (!(await inside.move(place, to))) throw movedOn(on.branch, branch, branch.revision);
    });
    return get(scope, on);
  }

  return {
    undo: (scope: Scope, on: On) =>
      moveTo(scope, on, ({ applied }) => {
        if (applied === 0) throw new AppError("unprocessable", { message: "The draft has no step to undo." });
        return applied - 1;
      }),
    redo: (scope: Scope, on: On) =>
      moveTo(scope, on, ({ applied }, steps) => {
        if (applied >= steps) throw new AppError("unprocessable", { message: "The draft has no step to redo." });
        return applied + 1;
      }),
    async discard(scope: Scope, on: On): Promise<Draft> {
      const place = { projectId: scope.projectId, datasetId: on.datasetId, branch: on.branch };
      await db.transaction(async (tx) => {
        const inside = createBranchStore(tx);
        const branch = await inside.find(place);
        if (!branch) return;
        checkRevision(on, branch);
        await inside.deleteStepsAfter(place, 0);
        await inside.move(place, { revision: branch.revision, applied: 0, updatedAt: new Date(clock.now()) });
        const details = { branch: on.branch, steps: branch.applied };
        await audit.record(scope, { action: "dataset.discard", target: on.datasetId, details }, tx);
      });
      return get(scope, on);
    },
  };
}
