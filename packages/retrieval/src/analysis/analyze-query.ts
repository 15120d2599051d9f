import { createAnalyzer } from "./analyzer.ts";

/**
 * The distinct terms of a query for an index that holds several languages: each language analyzes it, because the
 * language of a short query is often uncertain. A term of another language finds little and takes nothing away.
 * @param codes the languages of the indexed segments.
 */
export function analyzeQuery(text: string, codes: Iterable<string>): string[] {
  return [...new Set(Array.from(codes).flatMap((code) => sharedAnalyzer(code).query(text)))];
}

const analyzers = new Map<string, ReturnType<typeof createAnalyzer>>();

/** One analyzer per language, so that its cache and its stemmer are shared. */
function sharedAnalyzer(code: string) {
  const analyzer = analyzers.get(code) ?? createAnalyzer(code);
  analyzers.set(code, analyzer);
  return analyzer;
}
