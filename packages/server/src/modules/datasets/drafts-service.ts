import type { ChangeCounts, Draft, DraftStep } from "@treadle/contract";
import type { Clock } from "../../kernel/clock.ts";
import { AppError } from "../../kernel/errors.ts";
import type { Scope } from "../../kernel/scope.ts";
import type { Postgres } from "../../platform/postgres/port.ts";
import type { Audit } from "../audit/index.ts";
import { type BranchRow, createBranchStore, type StepRow } from "./branch-store.ts";
import type { DraftHead, Places } from "./find-place.ts";
import type { Manifest } from "./manifest.ts";

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
export type StepInput = Pick<DraftStep, "kind" | "summary" | "counts" | "recipe">;
export type PushInput = {
  readonly datasetId: string;
  readonly branch: string;
  readonly expectedRevision: number;
  readonly step: StepInput;
  readonly manifest: Manifest;
};
type Change = { readonly manifest: Manifest; readonly step: StepInput };

/** Steps of one draft. Beyond that, commit. */
const MOST_STEPS = 2_000;
/** How often a change is made anew when somebody else's came between, for callers who take the draft as it is. */
const MOST_TRIES = 4;

/** Drafts: a stack of steps on each branch, moved by compare-and-set, so that two people's changes never mix unseen. */
export function createDrafts({ db, places, audit, clock, namesOf, sendIndexing }: DraftDeps) {
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

  async function pushIn(tx: Postgres, scope: Scope, { expectedRevision, step, manifest, ...on }: PushInput) {
    const inside = createBranchStore(tx);
    const place = placeOf(scope, on);
    const now = new Date(clock.now());
    const branch = await inside.find(place);
    if (!branch || branch.revision !== expectedRevision) throw movedOn(on.branch, branch, expectedRevision);
    if (branch.applied >= MOST_STEPS) throw tooManySteps();
    const ordinal = branch.applied + 1;
    const moved = await inside.move(place, { revision: expectedRevision, applied: ordinal, updatedAt: now });
    if (!moved) throw movedOn(on.branch, branch, expectedRevision);
    await inside.deleteStepsAfter(place, branch.applied);
    const { sha: manifestSha, root, rows } = manifest;
    await inside.addStep({ ...place, ordinal, ...step, manifestSha, root, rows, author: scope.actor, createdAt: now });
    const details = { branch: on.branch, kind: step.kind, ...step.counts };
    await audit.record(scope, { action: "dataset.change", target: on.datasetId, details }, tx);
    await sendIndexing(scope, tx);
    return moved;
  }

  /** Puts a step on the draft. Throws `conflict` when the draft has moved on from `expectedRevision`. */
  async function push(scope: Scope, input: PushInput, tx?: Postgres): Promise<BranchRow> {
    return tx ? pushIn(tx, scope, input) : db.transaction((own) => pushIn(own, scope, input));
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

  /** Moves along the stack without changing it. */
  async function moveTo(scope: Scope, on: On, choose: (branch: BranchRow, steps: number) => number): Promise<Draft> {
    const place = placeOf(scope, on);
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
    get,
    push,
    change,
    undo: (scope: Scope, on: On) =>
      moveTo(scope, on, ({ applied }) => {
        if (applied === 0) throw new AppError("unprocessable", { message: "The draft has no step to take back." });
        return applied - 1;
      }),
    redo: (scope: Scope, on: On) =>
      moveTo(scope, on, ({ applied }, steps) => {
        if (applied >= steps) throw new AppError("unprocessable", { message: "No step of the draft was undone." });
        return applied + 1;
      }),
    async discard(scope: Scope, on: On): Promise<Draft> {
      const place = placeOf(scope, on);
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

export function checkRevision({ branch, revision }: Pick<On, "branch" | "revision">, row: BranchRow): void {
  if (revision !== undefined && row.revision !== revision) throw movedOn(branch, row, revision);
}

export const movedOn = (branch: string, row: BranchRow | undefined, seen: number) =>
  new AppError("conflict", {
    message: row
      ? `The draft of ${branch} is at revision ${row.revision}, and not at ${seen}: somebody changed it meanwhile. Look at it again, then make your change anew.`
      : `There is no branch "${branch}" any more.`,
    details: { branch, revision: row?.revision ?? null },
  });

const tooManySteps = () =>
  new AppError("unprocessable", {
    message: `A draft holds ${MOST_STEPS} steps. Commit it, then go on.`,
  });
