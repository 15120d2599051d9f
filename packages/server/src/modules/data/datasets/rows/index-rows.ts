import { hash } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import { z } from "zod";
import type { Clock } from "../../../../kernel/clock.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Columnar } from "../../../../platform/columnar/port.ts";
import type { JobHandler, JobKind, Jobs } from "../../../../platform/jobs/port.ts";
import type { Objects } from "../../../../platform/objects/port.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { readChunkRows } from "../chunks/chunk-files.ts";
import type { EncodedRow } from "../chunks/item-hash.ts";
import type { Manifest } from "../chunks/manifest.ts";
import { createChunkIndexStore } from "../stores/chunk-index-store.ts";
import { createRowStore } from "./row-store.ts";

type Deps = {
  readonly db: Postgres;
  readonly columnar: Columnar;
  readonly objects: Objects;
  readonly jobs: Pick<Jobs, "register" | "send">;
  readonly clock: Clock;
};

const Payload = z.object({});
const INDEX_KIND: JobKind<object, null> = { name: "dataset-index", payload: Payload, state: z.null() };
/** Chunks that go into the index as one block: all of them or none. */
const BATCH = 16;
/** The maximum wait of a reader. The job indexes the rest. */
const PATIENCE_MS = 1_500;

/** Updates the index over rows, which filters and lookups use, when chunks change. */
export function createIndexing({ db, columnar, objects, jobs, clock }: Deps) {
  const rows = createRowStore(columnar);
  const chunks = createChunkIndexStore(db);
  let turn: Promise<unknown> = Promise.resolve();

  /** One after the other, so that no two put the same chunk in. */
  function inTurn<Value>(work: () => Promise<Value>): Promise<Value> {
    const next = turn.then(work, work);
    turn = next.catch(() => {});
    return next;
  }

  async function indexBatch(projectId: string, batch: readonly string[]): Promise<void> {
    // A crash may have come after the rows and before the mark.
    const there = await rows.listIndexed(projectId, batch);
    const lines: string[] = [];
    for (const object of batch) {
      if (there.has(object)) continue;
      for (const [row, encoded] of (await readChunkRows(objects, object)).entries())
        lines.push(toLine(projectId, object, { row, encoded }));
      await setImmediate();
    }
    const bytes = Buffer.from(lines.join("\n"));
    if (bytes.length > 0) await rows.insert(bytes, hash("sha256", `${projectId}\n${batch.join("\n")}`, "hex"));
    await chunks.markIndexed(projectId, batch, new Date(clock.now()));
  }

  async function indexAll(projectId: string, wanted: readonly string[], goOn: () => boolean): Promise<Set<string>> {
    const late = await chunks.listUnindexed(projectId, wanted);
    const order = [...late];
    for (let at = 0; at < order.length && goOn(); at += BATCH) {
      const batch = order.slice(at, at + BATCH);
      await inTurn(() => indexBatch(projectId, batch));
      for (const object of batch) late.delete(object);
    }
    return late;
  }

  /**
   * A chunk is recorded before its object is stored, so that the sweep does not delete it. A killed server leaves a
   * record without references, and the sweep removes it. A chunk that is being written looks the same.
   */
  async function splitStored(objectIds: readonly string[]) {
    const isStored = await Promise.all(objectIds.map((object) => objects.has(object)));
    return {
      stored: objectIds.filter((_, at) => isStored[at]),
      missing: objectIds.filter((_, at) => !isStored[at]),
    };
  }

  const handler: JobHandler<object, null> = {
    async run({ scope, signal, report, save }) {
      let done = 0;
      let missing: readonly string[] = [];
      for (;;) {
        signal.throwIfAborted();
        const listed = await chunks.listLate(scope.projectId, { limit: BATCH * 8, except: missing });
        // Before the end, missing chunks are checked once more.
        const split = await splitStored(listed.length > 0 ? listed : missing);
        if (split.stored.length === 0 && listed.length === 0) return { chunks: done };
        missing = listed.length > 0 ? [...missing, ...split.missing] : split.missing;
        await indexAll(scope.projectId, split.stored, () => !signal.aborted);
        done += split.stored.length;
        report({ done, total: null, unit: "chunks" });
        // Indexed rows count as progress, so a job whose server is killed repeatedly still completes.
        await save(null);
      }
    },
  };
  jobs.register(INDEX_KIND, handler);

  return {
    rows,
    /** Waits a little for what is not indexed yet, and gives the objects that still are not. */
    async catchUp({ projectId }: Scope, manifest: Manifest): Promise<Set<string>> {
      const until = clock.elapsed() + PATIENCE_MS;
      const wanted = manifest.chunks.map(({ object }) => object);
      return indexAll(projectId, wanted, () => clock.elapsed() < until);
    },
    /** The same until all is indexed. */
    async finish({ projectId }: Scope, manifest: Manifest, signal?: AbortSignal): Promise<void> {
      const wanted = manifest.chunks.map(({ object }) => object);
      await indexAll(projectId, wanted, () => {
        signal?.throwIfAborted();
        return true;
      });
    },
    send: (scope: Scope, tx: Postgres): Promise<string> =>
      jobs.send(tx, scope, { kind: INDEX_KIND, payload: {}, title: "Index new dataset items", key: "index" }),
  };
}
export type Indexing = ReturnType<typeof createIndexing>;

function toLine(projectId: string, object: string, { row, encoded }: { row: number; encoded: EncodedRow }): string {
  const { itemId, inputs, expected, metadata, source, split } = encoded.item;
  return JSON.stringify({
    project_id: projectId,
    object,
    row,
    item_id: itemId,
    split: split ?? "",
    source_kind: source.kind,
    source: JSON.stringify(source),
    inputs: JSON.stringify(inputs),
    expected: JSON.stringify(expected),
    metadata: JSON.stringify(metadata),
  });
}
