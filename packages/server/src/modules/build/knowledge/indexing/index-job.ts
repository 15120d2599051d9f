import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { AppError } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { JobKind, JobRun } from "../../../../platform/jobs/port.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { type BaseRow, createBaseStore } from "../stores/base-store.ts";
import type { KnowledgeDeps } from "../stores/deps.ts";
import { createDocumentStore } from "../stores/document-store.ts";
import { purgeDocument } from "../stores/purge-document.ts";
import { buildVersion } from "./build-version.ts";
import { parseDocument } from "./parse-documents.ts";

const Payload = z.object({ baseId: z.string() });
type Payload = z.output<typeof Payload>;
const INDEX: JobKind<Payload, null> = { name: "knowledge-index", payload: Payload, state: z.null() };
/** Uploads within this time share a version. */
const WAIT_MS = 1_500;

type IndexOrder = { readonly base: BaseRow; readonly isUrgent: boolean };

/** The job that parses what waits, and then builds a version. Each step stores its result, so a stopped job repeats little. */
export function createIndexJob(deps: KnowledgeDeps) {
  deps.jobs.register(INDEX, { run: (run) => runIndex(deps, run) });
  return {
    /**
     * Queues the job of a base, in the transaction that changed its documents. The base must be locked: the key changes when a job
     * ends, so no change falls between the last look of a job and its end.
     */
    async send(tx: Postgres, scope: Scope, { base, isUrgent }: IndexOrder): Promise<string> {
      const jobId = await deps.jobs.send(tx, scope, {
        kind: INDEX,
        payload: { baseId: base.id },
        title: `Index ${base.name}`,
        subject: base.id,
        key: `${base.id} ${base.builds}`,
        ...(!isUrgent && { runAt: new Date(deps.clock.now() + WAIT_MS) }),
      });
      await createBaseStore(tx).updateBase(scope.projectId, base.id, { jobId });
      return jobId;
    },
  };
}
export type IndexJob = ReturnType<typeof createIndexJob>;

async function runIndex(deps: KnowledgeDeps, run: JobRun<Payload, null>) {
  const { scope, payload, signal } = run;
  const store = createBaseStore(deps.db);
  let version: number | null = null;
  for (;;) {
    const base = await store.findBase(scope.projectId, payload.baseId);
    if (!base) throw new AppError("not_found", { message: "The knowledge base was deleted." });
    for (const document of await createDocumentStore(deps.db).listUnpurged(base.id))
      await purgeDocument(deps, document);
    await parseWaiting(deps, base, run);
    version = (await buildVersion(deps, { base, run })) ?? version;
    signal.throwIfAborted();
    const isDone = await deps.db.transaction(async (tx) => {
      const locked = await createBaseStore(tx).lockBase(scope.projectId, base.id);
      if (!locked) return true;
      const isWaiting = (await createDocumentStore(tx).listIds(base.id, "waiting")).length > 0;
      const isChanged = isWaiting || !isDeepStrictEqual(inputOf(base), inputOf(locked));
      if (!isChanged) await createBaseStore(tx).updateBase(scope.projectId, base.id, { builds: locked.builds + 1 });
      return !isChanged;
    });
    if (isDone) return { version };
  }
}

/** Each upload, deletion and change of a title is a new revision. */
const inputOf = ({ accessRevision, indexing }: BaseRow) => ({ accessRevision, indexing });

async function parseWaiting(deps: KnowledgeDeps, base: BaseRow, { scope, signal, report }: JobRun<Payload, null>) {
  const store = createDocumentStore(deps.db);
  const ids = await store.listIds(base.id, "waiting");
  for (const [done, id] of ids.entries()) {
    signal.throwIfAborted();
    report({ done, total: ids.length, message: `Parsing document ${done + 1} of ${ids.length}` });
    const row = await store.findDocument(base.id, id);
    if (row?.state === "waiting") await parseDocument(deps, row, { scope, reading: base.reading, signal });
  }
}
