export { type CharLocation, type CitedDocument, type PageLocation, toLocation } from "./anthropic-citations.ts";
export type { Citation, CitedSource, MarkPolicy, VerifyOptions } from "./citation.ts";
export type { SupportReason } from "./find-support.ts";
export type { Mark } from "./marks.ts";
export { type CitationMeasures, measureCitations } from "./measures.ts";
export {
  type CitedFile,
  type FileCitationAnnotation,
  toFileCitations,
  toUrlCitations,
  type UrlCitationAnnotation,
} from "./openai-annotations.ts";
export {
  applyPolicy,
  type CitationReaderOptions,
  createCitationReader,
  readMarks,
  verifyClaims,
} from "./verify-claims.ts";
export type { AnswerStep } from "./walk-answer.ts";
