import type { ModelRetention, RetentionPlan } from "@treadle/contract";
import { z } from "zod";
import { DAY_MS } from "../../../../kernel/day.ts";
import { wholeList } from "../../../../kernel/pages.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { JobKind, JobRun } from "../../../../platform/jobs/port.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { findModel } from "../refs/find-version.ts";
import type { RegistryDeps } from "../stores/deps.ts";
import { createSettingsStore } from "../stores/model-store.ts";
import type { Dropping } from "../versions/drop-versions.ts";
import { type Planned, planRetention } from "./plan-retention.ts";
import { createRetentionStore } from "./retention-store.ts";

/** A version that is recorded as removed, but whose contents may still exist after a crash. */
const Going = z.object({ versionId: z.string(), sha256: z.string() });
type Run = JobRun<object, z.infer<typeof Going>>;
const KIND: JobKind<object, z.infer<typeof Going>> = { name: "model-retention", payload: z.object({}), state: Going };
type Deps = Pick<RegistryDeps, "db" | "audit" | "jobs" | "clock" | "listEndpoints"> &
  Pick<Dropping, "letGo"> & { readonly forget: (projectId: string) => void };

/**
 * Removes the files of versions without references after their retention. Their records remain: metadata and results.
 */
export function createRetention(deps: Deps) {
  const { db, jobs, clock, listEndpoints } = deps;
  jobs.register(KIND, { concurrency: 1, maxTries: 3, run: (run) => sweep(run) });

  async function planned(scope: Scope): Promise<{ policy: ModelRetention | null; items: Planned[] }> {
    const { retention: policy } = await createSettingsStore(db).find(scope.projectId);
    const unused = await createRetentionStore(db).listUnused(scope.projectId);
    return {
      policy,
      items: planRetention({ unused, policy, endpoints: await listEndpoints(scope), now: clock.now() }),
    };
  }
  const remove = createRemoval(deps);

  async function sweep(run: Run) {
    const { scope, state, signal, report } = run;
    if (state !== null) await deps.letGo(state);
    const due = (await planned(scope)).items.filter(({ isDue }) => isDue);
    let [versions, bytes] = [0, 0];
    for (const [done, item] of due.entries()) {
      signal.throwIfAborted();
      report({ done, total: due.length, unit: "versions", message: `${item.name}@v${item.version}` });
      if (!(await remove(run, item))) continue;
      versions += 1;
      bytes += item.sizeBytes;
    }
    deps.forget(scope.projectId);
    return { versions, bytes };
  }

  return {
    /** Previews the removals with their times. Nothing is removed. */
    async plan(scope: Scope, name?: string): Promise<RetentionPlan> {
      if (name !== undefined) await findModel(db, scope, name);
      const { policy, items } = await planned(scope);
      const shown = items.filter((item) => name === undefined || item.name === name);
      const due = shown.filter(({ isDue }) => isDue);
      return {
        ...wholeList(shown.map(({ versionId: _, ...item }) => item)),
        policy,
        dueVersions: due.length,
        dueBytes: due.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
      };
    },
    /** Removes what is due now, as a job. */
    start: async (scope: Scope) => ({
      jobId: await db.transaction((tx) =>
        jobs.send(tx, scope, { kind: KIND, payload: {}, title: "Remove the files of old versions", key: "now" }),
      ),
    }),
    /** Once a day from tomorrow on, as soon as there is a rule. */
    sendDaily(scope: Scope, tx: Postgres): Promise<string> {
      const runAt = new Date(clock.now() + DAY_MS);
      const title = "Remove the files of old versions, every day";
      return jobs.send(tx, scope, {
        kind: KIND,
        payload: {},
        title,
        key: "daily",
        runAt,
        everySeconds: DAY_MS / 1_000,
      });
    },
  };
}
export type Retention = ReturnType<typeof createRetention>;

/** Returns whether the files were removed. A version that came into use since the plan retains them. */
function createRemoval({ db, audit, clock, letGo }: Deps) {
  return async function remove({ scope, save }: Run, item: Planned): Promise<boolean> {
    const { versionId, name, version, sizeBytes, unusedSince } = item;
    const removed = await db.transaction(async (tx) => {
      const store = createRetentionStore(tx);
      await store.hold(scope.projectId, versionId);
      const [still] = await store.listUnused(scope.projectId, versionId);
      if (still?.unusedSince.toISOString() !== unusedSince) return undefined;
      await store.noteRemoved(scope.projectId, versionId, new Date(clock.now()));
      const details = { version, sizeBytes, unusedSince };
      await audit.record(scope, { action: "model-version.remove-files", target: name, details }, tx);
      await save({ versionId, sha256: still.sha256 }, tx);
      return still;
    });
    if (removed) await letGo(removed);
    return removed !== undefined;
  };
}
