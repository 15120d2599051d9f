export { SegmentTermsError } from "./bytes.ts";
export { buildLexicalIndex, type LexicalIndex, type TermScore } from "./rank-by-words.ts";
export { type ChunkFields, collectTerms, type SegmentTerms } from "./segment-terms.ts";
export { readSegmentTerms, writeSegmentTerms } from "./stored-terms.ts";
