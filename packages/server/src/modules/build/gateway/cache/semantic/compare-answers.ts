import { isSameAnswer } from "../gate/is-same-answer.ts";
import type { SemanticCacheDeps } from "./deps.ts";
import { cosine, toUnit } from "./loaded-entries.ts";

/** The embedder reads no more of an answer. */
const MOST_CHARACTERS = 4_000;
const PATIENCE_MS = 30_000;

/** Whether the cache's answer and the model's say the same. */
export async function isEqualAnswer(
  embed: SemanticCacheDeps["embed"],
  projectId: string,
  [cached, fresh]: readonly [cached: string, fresh: string],
): Promise<boolean> {
  if (cached === fresh) return true;
  if (fresh.trim() === "" || cached.trim() === "") return false;
  const texts = [cached, fresh].map((text) => text.slice(0, MOST_CHARACTERS));
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const [one = [], two = []] = await embed(texts, { caller: projectId, signal });
  return isSameAnswer(cached, fresh, cosine(toUnit(one), toUnit(two)));
}
