import type { KnowledgeSource } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { KnowledgeDeps } from "../stores/deps.ts";
import type { SourceRow } from "../stores/source-store.ts";
import { createSyncStore } from "../stores/sync-store.ts";

type Deps = Pick<KnowledgeDeps, "db" | "jobs">;
type Counts = { readonly documents: number; readonly vanished: number };

/** Sources as callers see them. Their secrets are not in them. */
export async function presentSources(deps: Deps, scope: Scope, rows: readonly SourceRow[]): Promise<KnowledgeSource[]> {
  const counts = await createSyncStore(deps.db).countOfSources(rows.map(({ id }) => id));
  return Promise.all(
    rows.map(async (row) => {
      const own = counts.find(({ sourceId }) => sourceId === row.id) ?? { documents: 0, vanished: 0 };
      return present(row, { ...own, jobStatus: await statusOf(deps, scope, row) });
    }),
  );
}

function present(row: SourceRow, facts: Counts & { readonly jobStatus: string | null }): KnowledgeSource {
  const { include = [], exclude = [], shrinkLimit = 0.5, ...settings } = row.settings;
  return {
    sourceId: row.id,
    kind: row.kind,
    name: row.name,
    principals: row.principals,
    include,
    exclude,
    shrinkLimit,
    everySeconds: row.everySeconds,
    isEnabled: row.isEnabled,
    ...settings,
    hasSecret: row.secret !== null,
    state: stateOf(row, facts),
    documents: facts.documents,
    heldDeletions: facts.vanished,
    lastSync: row.lastSync,
    nextSyncAt: row.nextSyncAt?.toISOString() ?? null,
    jobId: row.jobId,
    createdBy: row.createdBy,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}

/** A stopped sync leaves the state of the sync before it. */
function stateOf({ lastSync }: SourceRow, { vanished, jobStatus }: Counts & { readonly jobStatus: string | null }) {
  if (jobStatus === "queued" || jobStatus === "running") return "running" as const;
  if (vanished > 0) return "held" as const;
  const isFailed = jobStatus === "failed" || (lastSync && lastSync.error !== null);
  return isFailed ? ("failed" as const) : ("idle" as const);
}

async function statusOf({ jobs }: Deps, scope: Scope, { jobId }: SourceRow): Promise<string | null> {
  if (jobId === null) return null;
  const job = await jobs.get(scope, jobId).catch((error) => {
    if (error instanceof AppError && error.code === "not_found") return null;
    throw error;
  });
  return job?.status ?? null;
}
