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
import { isRecord } from "../judging/read-json.ts";
import { defineKind, SHARE, scored, unscored } from "./kind.ts";
import { wordsOf } from "./length.ts";

const field = z.string().trim().min(1).max(100);
const Params = z.strictObject({
  measure: z.enum(["ndcg", "recall", "precision", "hit", "reciprocal-rank", "average-precision"]).default("ndcg"),
  k: z.number().int().min(1).max(1_000).default(10).describe("How many of the first documents count."),
  retrievedField: field
    .default("retrieved")
    .describe("The field of the metadata with the ids that were retrieved, the best first."),
  relevantField: field
    .default("relevant")
    .describe("The field of the metadata with the ids that are relevant, or an object of them with their gains."),
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
    "nDCG, recall, precision, hit, reciprocal rank or average precision of the documents that were retrieved, by labels of which are relevant. No model is asked; look at it first.",
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
    "The share of the answer's words, empty ones left out, that stand in the documents. A proxy of faithfulness that asks no model: it takes a paraphrase for an invention, and misses a `not`.",
  params: z.strictObject({}),
  output: SHARE,
  needs: ["documents"],
  open:
    () =>
    ({ output, documents = [] }) => {
      if (documents.length === 0) return unscored("The sample has no documents.");
      const words = contentWords(output);
      if (words.length === 0) return unscored("The answer has no words that say something.");
      const known = new Set(documents.flatMap(contentWords));
      const found = words.filter((word) => known.has(word)).length;
      return scored(found / words.length, { reason: `${found} of ${words.length} words.` });
    },
});
