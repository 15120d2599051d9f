import { createRequire } from "node:module";
import {
  analyzeQuery,
  buildLexicalIndex,
  collectTerms,
  createAnalyzer,
  createVectorTable,
  type Scored,
  type ScoredOrdinal,
} from "../../packages/retrieval/src/index.ts";
import type { XquadSet } from "./xquad-set.ts";
import type { SetVectors } from "./xquad-vectors.ts";

type Options = {
  readonly vectors: SetVectors;
  /** How many of each list are joined. */
  readonly candidates: number;
};

/** What each way to search finds for a question, best first. Ids are those of paragraphs. */
export type QuestionLists = {
  readonly answer: string;
  readonly words: readonly Scored[];
  readonly meaning: readonly Scored[];
  readonly peer: readonly string[];
};

/** Ids order like the numbers, as in the product. */
const idOf = (ordinal: number) => String(ordinal).padStart(10, "0");
const toScored = (list: readonly ScoredOrdinal[]): Scored[] =>
  list.map(({ ordinal, score }) => ({ id: idOf(ordinal), score }));

/** Searches the paragraphs for each question of the set, each paragraph as one chunk without a title. */
export function listQuestions(set: XquadSet, { vectors, candidates: limit }: Options): QuestionLists[] {
  const { language, paragraphs, questions } = set;
  const analyzer = createAnalyzer(language);
  const lexical = buildLexicalIndex(paragraphs.map((body) => collectTerms([{ body }], analyzer)));
  const rows = paragraphs.map((text) => vectors.passage(text));
  const dimensions = rows[0]?.length ?? 0;
  const joined = new Float32Array(dimensions * rows.length);
  for (const [at, row] of rows.entries()) joined.set(row, at * dimensions);
  const table = createVectorTable({ dimensions, rows: joined });
  const peer = createPeer();
  peer.addAll(paragraphs.map((body, id) => ({ id, body })));
  return questions.map(({ text, paragraph }) => ({
    answer: idOf(paragraph),
    words: toScored(lexical.search(analyzeQuery(text, [language]), { limit })),
    meaning: toScored(table.search(vectors.query(text), { limit })),
    peer: peer.search(text).map(({ id }) => idOf(id)),
  }));
}

type Peer = {
  addAll(rows: readonly object[]): void;
  search(query: string): readonly { readonly id: number }[];
};

/** MiniSearch with its defaults: words in lower case split at spaces and punctuation, and BM25+. */
function createPeer(): Peer {
  const load = createRequire(new URL("../package.json", import.meta.url));
  const MiniSearch: new (options: { readonly fields: readonly string[] }) => Peer = load("minisearch");
  return new MiniSearch({ fields: ["body"] });
}
