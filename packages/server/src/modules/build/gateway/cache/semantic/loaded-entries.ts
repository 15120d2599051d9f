import type { Clock } from "../../../../../kernel/clock.ts";
import { type Question, readQuestion } from "../gate/read-question.ts";
import type { EntryRow, EntryStore } from "./entry-store.ts";

/** A stored question in memory. Its answer stays in postgres. */
export type Entry = {
  readonly id: string;
  readonly questionHash: string;
  readonly question: Question;
  readonly vector: Float32Array;
  readonly source: { readonly traceId: string; readonly spanId: string };
  readonly expiresAt: number;
};
type Namespace = { readonly entries: Map<string, Entry>; readonly loadedAt: number };
type Stored = Omit<EntryRow, "projectId" | "endpointId" | "namespace" | "answer" | "responseId" | "createdAt">;

const MOST_IN_NAMESPACE = 1_000;
/** About 60 MB of vectors. */
const MOST_LOADED = 25_000;
/** Entries that another server adds are seen after this time. */
const MAX_AGE_MS = 60_000;

type Deps = { readonly store: Pick<EntryStore, "list">; readonly clock: Clock };

/** The questions of recently used namespaces, by the hash of each. */
export function createLoadedEntries({ store, clock }: Deps) {
  const namespaces = new Map<string, Namespace>();
  const load = createLoad({ store, clock }, namespaces);

  return {
    async list(projectId: string, namespace: string): Promise<ReadonlyMap<string, Entry>> {
      const existing = namespaces.get(namespace);
      const isFresh = existing && clock.elapsed() - existing.loadedAt < MAX_AGE_MS;
      const { entries } = isFresh ? existing : await load(projectId, namespace);
      return entries;
    },

    /** A namespace that is not in memory finds the entry when it is loaded. */
    add(namespace: string, row: Stored): void {
      namespaces.get(namespace)?.entries.set(row.questionHash, toEntry(row));
    },

    remove(namespace: string, { id, questionHash }: Pick<Entry, "id" | "questionHash">): void {
      const entries = namespaces.get(namespace)?.entries;
      if (entries?.get(questionHash)?.id === id) entries.delete(questionHash);
    },

    forget(): void {
      namespaces.clear();
    },
  };
}

const createLoad =
  ({ store, clock }: Deps, namespaces: Map<string, Namespace>) =>
  async (projectId: string, namespace: string): Promise<Namespace> => {
    const rows = await store.list(projectId, namespace, { now: new Date(clock.now()), limit: MOST_IN_NAMESPACE });
    const entries = new Map(rows.map((row) => [row.questionHash, toEntry(row)]));
    const loaded = { entries, loadedAt: clock.elapsed() };
    namespaces.set(namespace, loaded);
    trim(namespaces);
    return loaded;
  };

/** Removes the namespaces that were loaded first. */
function trim(namespaces: Map<string, Namespace>): void {
  let loaded = [...namespaces.values()].reduce((sum, { entries }) => sum + entries.size + 1, 0);
  for (const [name, { entries }] of namespaces) {
    if (loaded <= MOST_LOADED) break;
    namespaces.delete(name);
    loaded -= entries.size + 1;
  }
}

const toEntry = ({ id, questionHash, question, language, vector, traceId, spanId, expiresAt }: Stored): Entry => ({
  id,
  questionHash,
  question: readQuestion(question, language),
  vector: toUnit(vector),
  source: { traceId, spanId },
  expiresAt: expiresAt.getTime(),
});

/** The vector with the length 1, so that a cosine is a sum of products. */
export function toUnit(vector: readonly number[]): Float32Array {
  const length = Math.hypot(...vector);
  return Float32Array.from(vector, (value) => (length === 0 ? 0 : value / length));
}

/** The cosine of two vectors of the length 1. */
export function cosine(one: Float32Array, two: Float32Array): number {
  let sum = 0;
  for (let place = 0; place < one.length; place++) sum += (one[place] ?? 0) * (two[place] ?? 0);
  return sum;
}
