import type { Job } from "@treadle/contract";
import type { Postgres } from "../postgres/port.ts";
import { createJobStore, toJob } from "./store.ts";

type Deps = { readonly db: Postgres; readonly pollMs: number };
type Query = { readonly jobId?: string | undefined };

const isOver = ({ status }: Job) => status !== "queued" && status !== "running";

/** Notifies watchers of changes: immediately of this process's changes, within a moment of another's. */
export function createWatchers({ db, pollMs }: Deps) {
  const byProject = new Map<string, Set<() => void>>();

  /** Resolves at the next change in the project, after a while, or when the signal is aborted. */
  function nextChange(projectId: string, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wakers = byProject.get(projectId) ?? new Set();
      byProject.set(projectId, wakers);
      const wake = () => {
        clearTimeout(timer);
        signal.removeEventListener("abort", wake);
        wakers.delete(wake);
        if (wakers.size === 0 && byProject.get(projectId) === wakers) byProject.delete(projectId);
        resolve();
      };
      const timer = setTimeout(wake, pollMs).unref();
      signal.addEventListener("abort", wake, { once: true });
      wakers.add(wake);
    });
  }

  async function* watchOne(projectId: string, jobId: string, signal: AbortSignal): AsyncGenerator<Job> {
    let seenRevision = -1;
    while (!signal.aborted) {
      const changed = nextChange(projectId, signal);
      const row = await createJobStore(db).find(projectId, jobId);
      if (!row) return;
      const job = toJob(row);
      if (row.revision !== seenRevision) yield job;
      if (isOver(job)) return;
      seenRevision = row.revision;
      await changed;
    }
  }

  async function* watchAll(projectId: string, signal: AbortSignal): AsyncGenerator<Job> {
    const store = createJobStore(db);
    let since = await store.now();
    let seen = new Map((await store.listChanges(projectId, since)).map(({ id, revision }) => [id, revision]));
    while (!signal.aborted) {
      const changed = nextChange(projectId, signal);
      const rows = await store.listChanges(projectId, since);
      for (const row of rows) if (seen.get(row.id) !== row.revision) yield toJob(row);
      seen = new Map(rows.map(({ id, revision }) => [id, revision]));
      since = rows.at(-1)?.updatedAt ?? since;
      await changed;
    }
  }

  return {
    changed(projectId: string): void {
      for (const wake of byProject.get(projectId) ?? []) wake();
    },
    watch: (projectId: string, { jobId }: Query, signal: AbortSignal): AsyncIterable<Job> =>
      jobId === undefined ? watchAll(projectId, signal) : watchOne(projectId, jobId, signal),
  };
}
