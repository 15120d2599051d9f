import { createPairStore, type PairRow } from "../stores/pair-store.ts";
import { createShadowStore, type ShadowRow, type ShadowUse } from "../stores/shadow-store.ts";
import type { RunDeps } from "./deps.ts";

/** Counts are stored this long after a change at the latest. */
const FLUSH_MS = 250;

/** Stores what a running shadow counts, one write after the other, so that an older state never replaces a newer one. */
export function createShadowWriter({ db, log }: Pick<RunDeps, "db" | "log">, row: ShadowRow, use: () => ShadowUse) {
  const { projectId, id } = row;
  let writing: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | null = null;

  function write(work: () => Promise<void>): Promise<void> {
    writing = writing.then(work).catch((error: unknown) => {
      log.error({ error, shadowId: id }, "the counts of a shadow could not be stored");
    });
    return writing;
  }

  function flush(): Promise<void> {
    if (timer) clearTimeout(timer);
    timer = null;
    return write(() => createShadowStore(db).saveUse(projectId, id, use()));
  }

  return {
    flush,
    /** Stores the counts soon. */
    touch(): void {
      timer ??= setTimeout(() => void flush(), FLUSH_MS).unref();
    },
    /** A pair, and the counts that include it. */
    addPair: (pair: PairRow): Promise<void> =>
      write(() =>
        db.transaction(async (tx) => {
          await createPairStore(tx).add(pair);
          await createShadowStore(tx).saveUse(projectId, id, use());
        }),
      ),
  };
}
