// Shapes that more than one endpoint has, so that openapi.json holds each of them once.

export { KnowledgeReading, KnowledgeSearching } from "./knowledge/bases.ts";
export { KnowledgeDocument } from "./knowledge/documents.ts";
export { KnowledgeSource, KnowledgeSync } from "./knowledge/sources.ts";
export { CallKnowledge, VariantKnowledge } from "./knowledge/use.ts";
export { Variant } from "./variants.ts";
