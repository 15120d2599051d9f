import type { ChangeCounts, Draft, DraftStep } from "@treadle/contract";
import type { Clock } from "../../../../kernel/clock.ts";
import { AppError } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { Audit } from "../../../system/audit/index.ts";
import type { Manifest } from "../chunks/manifest.ts";
import { type BranchRow, createBranchStore, type StepRow } from "../stores/branch-store.ts";
import { checkRevision, type PushInput, pushStep, type StepInput } from "./push-step.ts";
import type { DraftHead, Places } from "./resolve-ref.ts";

export type NamesOf = (projectId: string, actors: readonly string[]) => Promise<ReadonlyMap<string, string>>;
export type DraftDeps = {
  readonly db: Postgres;
  readonly places: Places;
  readonly audit: Pick<Audit, "record">;
  readonly clock: Clock;
  readonly namesOf: NamesOf;
  /** Lets filters find what is new, soon. */
  readonly sendIndexing: (scope: Scope, tx: Postgres) => Promise<unknown>;
};

/** A branch's draft, and the revision that the caller saw when they say one. */
export type On = { readonly datasetId: string; readonly branch: string; readonly revision?: number | undefined };
type Change = { readonly manifest: Manifest; readonly step: StepInput };

/** How often a change is retried after a concurrent change, for callers that use the current draft. */
const MOST_TRIES = 4;

/** Drafts: a stack of steps on each branch, moved by compare-and-set, so that two people's changes never mix unseen. */
export function createDrafts(deps: DraftDeps) {
  const { db, places, namesOf } = deps;
  const placeOf = (scope: Scope, { datasetId, branch }: Pick<On, "datasetId" | "branch">) => ({
    projectId: scope.projectId,
    datasetId,
    branch,
  });

  async function describe(scope: Scope, { branch, manifest }: DraftHead): Promise<Draft> {
    const steps = await createBranchStore(db).listSteps(
      placeOf(scope, { datasetId: branch.datasetId, branch: branch.name }),
    );
    const names = await namesOf(
      scope.projectId,
      steps.map(({ author }) => author),
    );
    return {
      branch: branch.name,
      revision: branch.revision,
      base: branch.head,
      rows: manifest.rows,
      steps: steps.map((step) => toStep(step, names)),
      applied: branch.applied,
      isDirty: branch.applied > 0,
      updatedAt: steps.length === 0 ? null : branch.updatedAt.toISOString(),
    };
  }

  async function get(scope: Scope, on: Pick<On, "datasetId" | "branch">): Promise<Draft> {
    return describe(scope, await places.head(scope, on.datasetId, on.branch));
  }

  /** Puts a step on the draft. Throws `conflict` when the draft has moved on from `expectedRevision`. */
  async function push(scope: Scope, input: PushInput, tx?: Postgres): Promise<BranchRow> {
    return tx ? pushStep(tx, deps, { scope, input }) : db.transaction((own) => pushStep(own, deps, { scope, input }));
  }

  /** Makes a change of the draft as it is now. Null means that there is nothing to change. */
  async function change(scope: Scope, on: On, build: (head: DraftHead) => Promise<Change | null>) {
    for (let tries = 1; ; tries++) {
      const head = await places.head(scope, on.datasetId, on.branch);
      checkRevision(on, head.branch);
      const made = await build(head);
      if (made === null) return { draft: await describe(scope, head), counts: NOTHING, jobId: null };
      const { datasetId, branch } = on;
      try {
        await push(scope, { datasetId, branch, expectedRevision: head.branch.revision, ...made });
        return { draft: await get(scope, on), counts: made.step.counts, jobId: null };
      } catch (error) {
        const isOvertaken = error instanceof AppError && error.code === "conflict" && on.revision === undefined;
        if (!isOvertaken || tries === MOST_TRIES) throw error;
      }
    }
  }

  return {
    get,
    push,
    change,
  };
}
export type Drafts = ReturnType<typeof createDrafts>;

const NOTHING: ChangeCounts = { added: 0, removed: 0, changed: 0 };

export const toStep = (row: StepRow, names: ReadonlyMap<string, string>): DraftStep => ({
  kind: row.kind,
  summary: row.summary,
  counts: row.counts,
  recipe: row.recipe ?? null,
  author: names.get(row.author) ?? row.author,
  createdAt: row.createdAt.toISOString(),
});
