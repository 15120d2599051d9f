import {
  averagePrecisionAtK,
  hitAtK,
  ndcg,
  precisionAtK,
  type Retrieval,
  recallAtK,
  reciprocalRank,
} from "@treadle/metrics";
import { z } from "zod";
import { countOf } from "../../../../../kernel/count-of.ts";
import { isRecord } from "../../../../../kernel/is-record.ts";
import { defineKind, SHARE, scored, unscored } from "../../scoring/kind.ts";
import { wordsOf } from "../../words/count-words.ts";

const field = z.string().trim().min(1).max(100);
const Params = z.strictObject({
  measure: z.enum(["ndcg", "recall", "precision", "hit", "reciprocal-rank", "average-precision"]).default("ndcg"),
  k: z.number().int().min(1).max(1_000).default(10).describe("How many of the top documents count."),
  retrievedField: field
    .default("retrieved")
    .describe("The metadata field with the ids of the retrieved documents, the best first."),
  relevantField: field
    .default("relevant")
    .describe("The metadata field with the ids of the relevant documents, or an object of ids with their gains."),
});

const MEASURES = {
  ndcg: (retrieval: Retrieval, k: number) => ndcg(retrieval, { k }),
  recall: recallAtK,
  precision: precisionAtK,
  hit: hitAtK,
  "reciprocal-rank": (retrieval: Retrieval, k: number) =>
    reciprocalRank({ ...retrieval, retrieved: retrieval.retrieved.slice(0, k) }),
  "average-precision": (retrieval: Retrieval, k: number) => averagePrecisionAtK(retrieval, { k }),
};

export const retrieval = defineKind({
  id: "retrieval",
  label: "Retrieval by labels",
  group: "rag",
  summary:
    "nDCG, recall, precision, hit, reciprocal rank or average precision of the retrieved documents, from labels of the relevant documents. It calls no model. Check it before the other RAG scores.",
  params: Params,
  output: SHARE,
  needs: ["metadata"],
  open:
    ({ measure, k, retrievedField, relevantField }) =>
    ({ metadata }) => {
      const retrieved = idsIn(metadata[retrievedField]);
      const relevant = gainsIn(metadata[relevantField]);
      if (retrieved === null) return unscored(`The metadata has no list of ids under \`${retrievedField}\`.`);
      if (relevant === null) return unscored(`The metadata has no ids or gains under \`${relevantField}\`.`);
      const { value, reason } = MEASURES[measure]({ retrieved, relevant }, k);
      return value === null ? unscored(reason ?? "There is none.") : scored(value);
    },
});

const isId = (value: unknown): value is string | number => typeof value === "string" || typeof value === "number";
const idsIn = (value: unknown): string[] | null =>
  Array.isArray(value) && value.every(isId) ? value.map(String) : null;

function gainsIn(value: unknown): ReadonlyMap<string, number> | null {
  const ids = idsIn(value);
  if (ids) return new Map(ids.map((id) => [id, 1]));
  if (!isRecord(value)) return null;
  const gains = Object.entries(value);
  return gains.every(([, gain]) => typeof gain === "number" && gain >= 0)
    ? new Map(gains.map(([id, gain]) => [id, Number(gain)]))
    : null;
}

/** Words that say nothing by themselves. */
const EMPTY_WORDS = new Set(
  "a an and are as at be but by for from has have he her his i in is it its not of on or she that the their there they this to was we were which will with you your".split(
    " ",
  ),
);
const MOST_CHARACTERS = 500_000;
const contentWords = (text: string) =>
  wordsOf(text.slice(0, MOST_CHARACTERS))
    .map((word) => word.toLowerCase())
    .filter((word) => !EMPTY_WORDS.has(word));

export const supportOverlap = defineKind({
  id: "support-overlap",
  label: "Support by words (proxy)",
  group: "rag",
  summary:
    "The share of the answer's words, without stop words, that the documents contain. A proxy for faithfulness without a model: it penalizes paraphrases and misses a `not`.",
  params: z.strictObject({}),
  output: SHARE,
  needs: ["documents"],
  open:
    () =>
    ({ output, documents = [] }) => {
      if (documents.length === 0) return unscored("The sample has no documents.");
      const words = contentWords(output);
      if (words.length === 0) return unscored("The answer has no content words.");
      const known = new Set(documents.flatMap(contentWords));
      const foundWords = words.filter((word) => known.has(word)).length;
      return scored(foundWords / words.length, { reason: `${foundWords} of ${countOf(words.length, "word")}.` });
    },
});
