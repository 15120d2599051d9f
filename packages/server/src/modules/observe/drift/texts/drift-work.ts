import type { Work } from "../../../../platform/threads/port.ts";
import { type Comparison, compareSides } from "../analysis/compare-sides.ts";
import type { DriftItem, DriftSide, ReferenceModel } from "../analysis/drift-item.ts";
import { type FindCentres, findTopics } from "../analysis/find-topics.ts";
import { countWords } from "../analysis/find-words.ts";
import {
  type DriftTextSide,
  type LanguageOf,
  type PlainText,
  readCalls,
  readPlainTexts,
  type StoredCall,
} from "./read-calls.ts";

/** The requests to the thread that reads and compares texts, and its results. */
export type DriftOrders = {
  readonly readCalls: {
    readonly order: { readonly side: DriftTextSide; readonly calls: readonly StoredCall[] };
    readonly answer: DriftItem[];
  };
  readonly readTexts: { readonly order: readonly PlainText[]; readonly answer: DriftItem[] };
  readonly learn: { readonly order: DriftSide; readonly answer: ReferenceModel };
  readonly compare: { readonly order: Parameters<typeof compareSides>[0]; readonly answer: Comparison };
};

type Means = { readonly languageOf: LanguageOf; readonly findCentres: FindCentres };

/** The work of the thread. Higher modules have the detector of languages and the clusters. */
export const createDriftWork = ({ languageOf, findCentres }: Means): Work<DriftOrders> => ({
  readCalls: (order) => readCalls(order, languageOf),
  readTexts: (order) => readPlainTexts(order, languageOf),
  learn: (side) => ({
    words: countWords(side.items.map(({ text }) => text)),
    topics: findTopics(side, findCentres),
  }),
  compare: compareSides,
});
