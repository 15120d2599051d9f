import { createHash } from "node:crypto";
import { normalizeQuestion, textToEmbed } from "../gate/normalize-question.ts";
import { readQuestion } from "../gate/read-question.ts";
import { refusalOf } from "../gate/refusal-of.ts";
import type { CacheableQuestion } from "./cacheable-question.ts";
import type { SemanticCacheDeps } from "./deps.ts";
import { cosine, type createLoadedEntries, type Entry, toUnit } from "./loaded-entries.ts";

export type Match = {
  readonly kind: "normalized" | "semantic";
  readonly similarity: number;
  readonly entry: Entry;
};
/** A question with what is stored of it. The vector is computed on first use. */
export type AskedQuestion = CacheableQuestion & {
  readonly hash: string;
  facts(): Promise<{ readonly language: string; readonly vector: readonly number[] }>;
};
type Deps = Pick<SemanticCacheDeps, "embed" | "texts" | "clock"> & {
  readonly index: ReturnType<typeof createLoadedEntries>;
};

/** A call waits no longer for the embedder, which takes seconds to start. */
const PATIENCE_MS = 3_000;
/** Nobody waits for the vector of a new entry. */
const DEADLINE_MS = 60_000;

/** Finds a stored question that is equal after normalization, or else one that means the same by both gates. */
export function createMatchFinder({ embed, texts, clock, index }: Deps) {
  /** The question with its hash. */
  function ask(projectId: string, question: CacheableQuestion): AskedQuestion {
    let facts: ReturnType<AskedQuestion["facts"]> | undefined;
    async function read() {
      const plain = textToEmbed(question.text);
      const [language, vectors] = await Promise.all([
        texts.languageOf(plain),
        embed([plain], { caller: projectId, signal: AbortSignal.timeout(DEADLINE_MS) }),
      ]);
      return { language, vector: vectors[0] ?? [] };
    }
    return {
      ...question,
      hash: createHash("sha256").update(normalizeQuestion(question.text)).digest("hex"),
      facts: () => (facts ??= read()),
    };
  }

  async function find(projectId: string, question: AskedQuestion, threshold: number): Promise<Match | null> {
    const entries = await index.list(projectId, question.namespace);
    const now = clock.now();
    const equal = entries.get(question.hash);
    if (equal && equal.expiresAt > now) return { kind: "normalized", similarity: 1, entry: equal };
    const living = [...entries.values()].filter(({ expiresAt }) => expiresAt > now);
    return living.length === 0 ? null : findSemantic(question, living, threshold);
  }

  return { ask, find };
}
export type MatchFinder = ReturnType<typeof createMatchFinder>;

/** Null when it takes too long. */
async function inTime<Value>(pending: Promise<Value>): Promise<Value | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), PATIENCE_MS);
  });
  try {
    return await Promise.race([pending, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function findSemantic(asked: AskedQuestion, entries: readonly Entry[], threshold: number): Promise<Match | null> {
  const facts = await inTime(asked.facts());
  if (facts === null) return null;
  const { language, vector } = facts;
  const unit = toUnit(vector);
  const question = readQuestion(asked.text, language);
  const [best] = entries
    .map((entry) => ({ kind: "semantic" as const, entry, similarity: cosine(unit, entry.vector) }))
    .filter(({ similarity, entry }) => similarity >= threshold && refusalOf(question, entry.question) === null)
    .sort((one, two) => two.similarity - one.similarity);
  return best ?? null;
}
