import { createPairStore, type PairRow } from "../stores/pair-store.ts";
import { createShadowStore, type ShadowRow, type ShadowUse } from "../stores/shadow-store.ts";
import type { RunDeps } from "./deps.ts";

/** Counts are stored this long after a change at the latest. */
const FLUSH_MS = 250;

type Deps = Pick<RunDeps, "db" | "log">;

/** Stores what a running shadow counts. */
export function createShadowWriter(deps: Deps, { projectId, id }: ShadowRow, use: () => ShadowUse) {
  const { db } = deps;
  const write = createChain(deps, id);
  let timer: NodeJS.Timeout | null = null;

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

/** One write after the other, so that an older state never replaces a newer one. */
function createChain({ log }: Pick<Deps, "log">, shadowId: string) {
  let writing: Promise<void> = Promise.resolve();
  return (work: () => Promise<void>): Promise<void> => {
    writing = writing.then(work).catch((error: unknown) => {
      log.error({ error, shadowId }, "the counts of a shadow could not be stored");
    });
    return writing;
  };
}
