import type { DriftItem, DriftSide } from "../analysis/drift-item.ts";
import { packVectors } from "../analysis/pack-vectors.ts";
import type { DriftDeps } from "../stores/deps.ts";
import { type KnownVectors, keyOf } from "../stores/vector-store.ts";

/** The start of a text tells its topic. The model's time grows with the square of the length. */
const MOST_CHARACTERS = 300;
const BATCH = 16;

/** Called with the number of texts to embed, and with each number of embedded texts. */
export type EmbedProgress = { readonly expect: (texts: number) => void; readonly add: (texts: number) => void };
export type Embedding = {
  readonly signal: AbortSignal;
  readonly progress?: EmbedProgress | undefined;
  readonly known?: KnownVectors;
};

/** Texts with the vectors of their starts. Equal starts are embedded once, and known vectors are used again. */
export async function embedItems(
  { embed }: Pick<DriftDeps, "embed">,
  items: readonly DriftItem[],
  { signal, progress, known = new Map() }: Embedding,
): Promise<DriftSide> {
  const starts = items.map(({ text }) => text.slice(0, MOST_CHARACTERS).toWellFormed());
  const vectors = new Map<string, ArrayLike<number>>();
  for (const [at, item] of items.entries()) {
    const vector = known.get(keyOf(item));
    if (vector) vectors.set(starts[at] ?? "", vector);
  }
  const missing = [...new Set(starts)].filter((start) => !vectors.has(start));
  progress?.expect(missing.length);
  for (let from = 0; from < missing.length; from += BATCH) {
    signal.throwIfAborted();
    const batch = missing.slice(from, from + BATCH);
    for (const [at, vector] of (await embed(batch, signal)).entries()) vectors.set(batch[at] ?? "", vector);
    progress?.add(batch.length);
  }
  return { items, vectors: packVectors(starts.map((start) => vectors.get(start) ?? [])) };
}
