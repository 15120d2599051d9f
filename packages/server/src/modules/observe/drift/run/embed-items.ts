import type { DriftItem, DriftSide } from "../analysis/drift-item.ts";
import { packVectors } from "../analysis/pack-vectors.ts";
import type { DriftDeps } from "../stores/deps.ts";

/** The start of a text tells its topic, and long texts take long. */
const MOST_CHARACTERS = 1_000;
/** A request has a time limit, also on a busy machine. */
const BATCH = 16;

type Given = { readonly signal: AbortSignal; readonly onTexts?: (texts: number) => void };

/** Texts with the vectors of their starts. */
export async function embedItems(
  { embed }: Pick<DriftDeps, "embed">,
  items: readonly DriftItem[],
  { signal, onTexts }: Given,
): Promise<DriftSide> {
  const vectors: ArrayLike<number>[] = [];
  for (let from = 0; from < items.length; from += BATCH) {
    signal.throwIfAborted();
    const batch = items.slice(from, from + BATCH).map(({ text }) => text.slice(0, MOST_CHARACTERS));
    vectors.push(...(await embed(batch, signal)));
    onTexts?.(batch.length);
  }
  return { items, vectors: packVectors(vectors) };
}
