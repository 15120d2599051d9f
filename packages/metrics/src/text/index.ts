export { type BleuOptions, type BleuScore, type BleuSmoothing, createBleu } from "./bleu.ts";
export { type ChrfOptions, type ChrfScore, createChrf } from "./chrf.ts";
export {
  type CorpusMetric,
  countReferences,
  scoreCorpus,
  scoreItem,
  sumStats,
  type TextPair,
} from "./corpus-metric.ts";
export { editDistance, editSimilarity } from "./edit-distance.ts";
export { type JsonMatch, type JsonMatchOptions, jsonMatch, jsonMatchRates, jsonMatchSignature } from "./json-match.ts";
export { canonicalJson, type JsonValue, parseJson } from "./json-value.ts";
export {
  exactMatch,
  type NormalizeOptions,
  normalizedMatch,
  normalizedMatchSignature,
  normalizeText,
} from "./match.ts";
export { createMeteorExactStem, type MeteorOptions } from "./meteor.ts";
export { porterStem } from "./porter-stem.ts";
export { createRouge, type RougeKind, type RougeOptions, type RougeScore } from "./rouge.ts";
export { type SquadScore, type SquadVersion, squadScore, squadSignature } from "./squad.ts";
export { createTer, type TerScore } from "./ter.ts";
export { TOKENIZERS, type TokenizerName } from "./tokenizers/index.ts";
export type { TercomOptions } from "./tokenizers/tercom.ts";
export * from "./tool-calls.ts";
