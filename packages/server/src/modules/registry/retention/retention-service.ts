import type { ModelRetention, RetentionPlan } from "@treadle/contract";
import { z } from "zod";
import type { Scope } from "../../../kernel/scope.ts";
import type { JobKind, JobRun } from "../../../platform/jobs/port.ts";
import type { Postgres } from "../../../platform/postgres/port.ts";
import type { RegistryDeps } from "../deps.ts";
import type { Dropping } from "../drop-versions.ts";
import { findModel } from "../find-place.ts";
import { createSettingsStore } from "../model-store.ts";
import { type Planned, planRetention } from "./plan-retention.ts";
import { createRetentionStore } from "./retention-store.ts";

/** The version whose record says that its files went, and whose contents may not all have gone when the process died. */
const Going = z.object({ versionId: z.string(), sha256: z.string() });
type Run = JobRun<object, z.infer<typeof Going>>;
const KIND: JobKind<object, z.infer<typeof Going>> = { name: "model-retention", payload: z.object({}), state: Going };
const DAY_MS = 86_400_000;

type Deps = Pick<RegistryDeps, "db" | "audit" | "jobs" | "clock" | "listEndpoints"> &
  Pick<Dropping, "letGo"> & { readonly forget: (projectId: string) => void };

/** Removes the files of versions that nothing points at, once they are old enough. Their records stay: what they were, and what came of them. */
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
    /** What would go and when. Nothing is removed. */
    async plan(scope: Scope, name?: string): Promise<RetentionPlan> {
      if (name !== undefined) await findModel(db, scope, name);
      const { policy, items } = await planned(scope);
      const shown = items.filter((item) => name === undefined || item.name === name);
      const due = shown.filter(({ isDue }) => isDue);
      return {
        policy,
        items: shown.map(({ versionId: _, ...item }) => item),
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
      const title = "Remove the files of old versions, each day";
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

/** Says whether the files went: what has come into use since it was planned keeps them. */
function createRemoval({ db, audit, clock, letGo }: Deps) {
  return async function remove({ scope, save }: Run, item: Planned): Promise<boolean> {
    const { versionId, name, version, sizeBytes, unusedSince } = item;
    const gone = await db.transaction(async (tx) => {
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
    if (gone) await letGo(gone);
    return gone !== undefined;
  };
}
