import type { CacheMatch } from "../answer/cache-match.ts";

/** Attributes of a span that a cache answered or could have answered. */
export const cacheAttributes = ({ kind, similarity, source, isServed }: CacheMatch): Record<string, unknown> => ({
  "treadle.cache.kind": kind,
  "treadle.cache.similarity": similarity,
  ...(source && { "treadle.cache.source_trace_id": source.traceId, "treadle.cache.source_span_id": source.spanId }),
  ...(!isServed && { "treadle.cache.checked": true }),
});
