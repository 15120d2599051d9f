import type { DraftStep } from "@treadle/contract";
import type { Clock } from "../../../../kernel/clock.ts";
import { AppError } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { Audit } from "../../../system/audit/index.ts";
import type { Manifest } from "../chunks/manifest.ts";
import { type BranchRow, createBranchStore } from "../stores/branch-store.ts";

export type StepInput = Pick<DraftStep, "kind" | "summary" | "counts" | "recipe">;
export type PushInput = {
  readonly datasetId: string;
  readonly branch: string;
  readonly expectedRevision: number;
  readonly step: StepInput;
  readonly manifest: Manifest;
};
type Deps = {
  readonly audit: Pick<Audit, "record">;
  readonly clock: Clock;
  readonly sendIndexing: (scope: Scope, tx: Postgres) => Promise<unknown>;
};

/** Steps of one draft. Beyond that, commit. */
const MOST_STEPS = 2_000;

/** Puts a step on a draft within a transaction, by compare-and-set. Throws `conflict` when the draft has moved on. */
export async function pushStep(
  tx: Postgres,
  { audit, clock, sendIndexing }: Deps,
  { scope, input: { expectedRevision, step, manifest, ...on } }: { scope: Scope; input: PushInput },
): Promise<BranchRow> {
  const inside = createBranchStore(tx);
  const place = { projectId: scope.projectId, ...on };
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

export const movedOn = (branch: string, row: BranchRow | undefined, seen: number) =>
  new AppError("conflict", {
    message: row
      ? `The draft of ${branch} is at revision ${row.revision}, not at ${seen}, because it was changed in the meantime. Reload the draft, then repeat your change.`
      : `The branch "${branch}" no longer exists.`,
    details: { branch, revision: row?.revision ?? null },
  });

const tooManySteps = () =>
  new AppError("unprocessable", {
    message: `A draft has at most ${MOST_STEPS} steps. Commit the draft, then continue.`,
  });

/** Throws `conflict` when the caller saw an older draft. */
export function checkRevision(
  { branch, revision }: { branch: string; revision?: number | undefined },
  row: BranchRow,
): void {
  if (revision !== undefined && row.revision !== revision) throw movedOn(branch, row, revision);
}
