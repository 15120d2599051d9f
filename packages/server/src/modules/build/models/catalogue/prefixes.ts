/** The text that an embedding model was trained to see before each query and each passage. */
export type Prefixes = { readonly query: string; readonly passage: string };

/** From the model cards of intfloat/multilingual-e5-small, nomic-ai/nomic-embed-text-v1.5 and BAAI/bge-small-en-v1.5. */
const RULES: readonly (readonly [name: RegExp, prefixes: Prefixes])[] = [
  [/\be5-(small|base|large)(?!.*instruct)/, { query: "query: ", passage: "passage: " }],
  [/\bnomic-embed-text\b/, { query: "search_query: ", passage: "search_document: " }],
  [
    /\bbge-(small|base|large)-en\b/,
    { query: "Represent this sentence for searching relevant passages: ", passage: "" },
  ],
];

/** The prefixes of an embedding model by its id; null for a model that needs none or is not listed. */
export const prefixesOf = (modelId: string): Prefixes | null =>
  RULES.find(([name]) => name.test(modelId.toLowerCase()))?.[1] ?? null;
