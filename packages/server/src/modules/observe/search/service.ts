import type { ParsedOf, ResponseOf, SpanSummary, searchApi } from "@treadle/contract";
import type { Clock } from "../../../kernel/clock.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { Inference } from "../../../platform/inference/port.ts";
import type { Traces } from "../traces/index.ts";
import { cosine, createVectorCache } from "./vector-cache.ts";

type Search = (typeof searchApi)["POST /api/v1/spans/similar"];
type Query = ParsedOf<Search>["body"];
export type SearchDeps = {
  readonly traces: Pick<Traces, "list">;
  readonly inference: Pick<Inference, "embed">;
  /** The model that ships with the program, so that no text leaves it. */
  readonly modelId: string;
  readonly clock: Clock;
};

const PAGE = 200;
const BATCH = 32;
/** An asker waits this long at most; what was compared by then is answered. */
const BUDGET_MS = 12_000;
const MOST_CACHED = 20_000;

/** Looks for meaning instead of words: texts are compared as vectors of a local embedding model. */
export function createSearch({ traces, inference, modelId, clock }: SearchDeps) {
  const cache = createVectorCache(MOST_CACHED);

  async function listCandidates(scope: Scope, { text: _, candidates, limit: __, ...filter }: Query) {
    const spans: SpanSummary[] = [];
    let cursor: string | undefined;
    do {
      const limit = Math.min(PAGE, candidates - spans.length);
      const page = await traces.list(scope, { ...filter, limit, cursor, order: "startTime", direction: "desc" });
      spans.push(...page.items);
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined && spans.length < candidates);
    return spans.filter((span) => textOf(span) !== "");
  }

  /** Fills the cache, newest first, until the time is over. */
  async function embedMissing(scope: Scope, texts: readonly string[], signal: AbortSignal): Promise<void> {
    const missing = [...new Set(texts)].filter((text) => !cache.get(text));
    const deadline = clock.elapsed() + BUDGET_MS;
    for (let next = 0; next < missing.length && clock.elapsed() < deadline; next += BATCH) {
      const batch = missing.slice(next, next + BATCH);
      const { vectors } = await inference.embed({ modelId, texts: batch, caller: scope.projectId }, signal);
      for (const [index, text] of batch.entries()) cache.put(text, vectors[index] ?? []);
    }
  }

  return {
    async similar(scope: Scope, query: Query, signal: AbortSignal): Promise<ResponseOf<Search>> {
      const spans = await listCandidates(scope, query);
      await embedMissing(scope, [query.text, ...spans.map(textOf)], signal);
      const wanted = cache.get(query.text) ?? new Float32Array();
      const compared = spans.flatMap((span) => {
        const vector = cache.get(textOf(span));
        return vector ? [{ span, similarity: cosine(wanted, vector) }] : [];
      });
      return {
        items: compared.sort((a, b) => b.similarity - a.similarity).slice(0, query.limit),
        comparedSpans: compared.length,
        isPartial: compared.length < spans.length,
      };
    },
  };
}
export type SpanSearch = ReturnType<typeof createSearch>;

/** The summary of a span, as in lists. */
const textOf = ({ inputPreview, outputPreview }: SpanSummary): string =>
  [inputPreview, outputPreview].filter((text) => text !== "").join("\n");
