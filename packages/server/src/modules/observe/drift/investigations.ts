import type { DriftInvestigation, DriftInvestigationPatch, driftApi, ParsedOf } from "@treadle/contract";
import { AppError, notFound } from "../../../kernel/errors.ts";
import { fromTimeCursor, toPage } from "../../../kernel/pages.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { Postgres } from "../../../platform/postgres/port.ts";
import { findWatch } from "./read-drift.ts";
import { shiftDay, startOf } from "./run/days.ts";
import type { DriftJobs } from "./run/drift-jobs.ts";
import type { DriftDeps } from "./stores/deps.ts";
import type { InvestigationRow } from "./stores/investigation-store.ts";
import { createRunStore } from "./stores/run-store.ts";
import { replaceReference } from "./watch-changes.ts";

type Query = ParsedOf<(typeof driftApi)["GET /api/v1/drift-investigations"]>["query"];

/** What incidents attach as evidence: a changed day of an endpoint. */
export type RecentDrift = {
  readonly driftWatchId: string;
  readonly name: string;
  readonly endpoint: string;
  readonly day: string;
  readonly verdict: "changed" | "confirmed";
  /** Without texts of traces. */
  readonly summary: readonly string[];
};

export const createInvestigations = (deps: DriftDeps, jobs: DriftJobs) => ({
  async listInvestigations(scope: Scope, { limit, cursor, ...only }: Query) {
    const before = cursor === undefined ? null : fromTimeCursor(cursor);
    const query = { limit: limit + 1, before, ...only };
    const rows = await createRunStore(deps.db).listInvestigations(scope.projectId, query);
    const page = toPage(rows, limit, ({ createdAt, id }) => [createdAt.toISOString(), id]);
    return { ...page, items: page.items.map(toInvestigation) };
  },

  async updateInvestigation(scope: Scope, id: string, patch: DriftInvestigationPatch): Promise<DriftInvestigation> {
    const existing = await createRunStore(deps.db).findInvestigation(scope.projectId, id);
    if (!existing) throw notFound("investigation", id);
    await checkPatch(deps, scope, { existing, patch });
    return deps.db.transaction((tx) => change(deps, tx, { scope, existing, patch, jobs }));
  },

  /** The days within a time on which the texts of an endpoint changed, newest first. Without an endpoint, of all endpoints. */
  async recentDrift({ projectId }: Scope, { endpoint, from, to }: Period): Promise<RecentDrift[]> {
    const days = { from: from.toISOString().slice(0, 10), to: to.toISOString().slice(0, 10) };
    const rows = await createRunStore(deps.db).listRecent(projectId, { endpoint, ...days });
    return rows.map(({ watchId, name, day, verdict, summary, endpoint: watched }) => {
      const isConfirmed = verdict === "confirmed";
      const found = { name, day, endpoint: watched, summary: summary ?? [] };
      return { driftWatchId: watchId, ...found, verdict: isConfirmed ? "confirmed" : "changed" };
    });
  },
});

type Period = { readonly endpoint: string | null; readonly from: Date; readonly to: Date };

type Change = {
  readonly scope: Scope;
  readonly existing: InvestigationRow;
  readonly patch: DriftInvestigationPatch;
  readonly jobs: DriftJobs;
};

async function checkPatch(
  { namesOf }: DriftDeps,
  scope: Scope,
  { existing, patch }: Pick<Change, "existing" | "patch">,
): Promise<void> {
  const { state, owner } = patch;
  if (existing.state === "accepted" && state !== undefined && state !== "accepted")
    throw new AppError("conflict", {
      message: "The change was accepted as the reference. Set another reference on the drift watch instead.",
    });
  if (owner === undefined || owner === null) return;
  if (!(await namesOf(scope.projectId, [owner])).has(owner))
    throw new AppError("unprocessable", {
      message: `This project has no member "${owner}". Use the id of a member.`,
      details: { param: "owner" },
    });
}

async function change(deps: DriftDeps, tx: Postgres, { scope, existing, patch, jobs }: Change) {
  const { audit, clock } = deps;
  const now = new Date(clock.now());
  const isFinished = patch.state === "accepted" || patch.state === "closed";
  const closing = patch.state === undefined ? {} : { closedAt: isFinished ? (existing.closedAt ?? now) : null };
  if (patch.state === "accepted" && existing.state !== "accepted") await accept(deps, tx, { scope, existing, jobs });
  const changes = { ...patch, ...closing, updatedAt: now };
  const row = await createRunStore(tx).updateInvestigation(scope.projectId, existing.id, changes);
  if (!row) throw notFound("investigation", existing.id);
  const details = { watchId: row.watchId, ...(patch.state !== undefined && { state: patch.state }) };
  await audit.record(scope, { action: "drift-investigation.update", target: row.id, details }, tx);
  return toInvestigation(row);
}

/** The texts since the first day of the change become the reference. */
async function accept(deps: DriftDeps, tx: Postgres, { scope, existing, jobs }: Omit<Change, "patch">): Promise<void> {
  const watch = await findWatch({ db: tx }, scope, existing.watchId);
  const from = startOf(existing.firstDay).toISOString();
  const to = startOf(shiftDay(existing.lastDay, 1)).toISOString();
  await replaceReference(deps, tx, { scope, watch, source: { kind: "range", from, to }, jobs });
}

const toInvestigation = (row: InvestigationRow): DriftInvestigation => ({
  investigationId: row.id,
  driftWatchId: row.watchId,
  state: row.state,
  title: row.title,
  firstDay: row.firstDay,
  lastDay: row.lastDay,
  summary: [...row.summary],
  explanations: [...row.explanations],
  note: row.note,
  owner: row.owner,
  openedAt: row.createdAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
  closedAt: row.closedAt?.toISOString() ?? null,
});
