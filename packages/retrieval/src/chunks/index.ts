export {
  CHUNKING_VERSION,
  type Chunk,
  type ChunkOptions,
  type ChunkRole,
  type CountTokens,
  embeddingText,
  isEmbedded,
} from "./chunk.ts";
export { type ChunkReport, reportChunks, type SizeBin } from "./chunk-report.ts";
export { cutChunks } from "./cut-chunks.ts";
export {
  type ChunkHit,
  limitPerDocument,
  mergeAdjacent,
  type Passage,
  passageText,
  placeInDocument,
} from "./merge-adjacent.ts";
export type { Block, BlockKind, Page, ParsedText, TextBox } from "./parsed-text.ts";
export { type Section, sectionsOf } from "./sections.ts";
