import type { Feedback, ScoreConfig } from "@treadle/contract";
import { expect, test } from "vitest";
import { verdictOf } from "./verdict-of.ts";

const feedbackWith = (more: Partial<Feedback>) => ({
  name: "helpful",
  signal: null,
  value: null,
  number: null,
  ...more,
});
const config = (more: Partial<ScoreConfig>): ScoreConfig => ({
  scoreConfigId: "s",
  name: "helpful",
  type: "number",
  description: "",
  min: null,
  max: null,
  categories: [],
  isHigherBetter: true,
  isArchived: false,
  createdBy: "",
  createdAt: "",
  updatedAt: "",
  ...more,
});
const NONE = { isGood: null, rating: null };

const GOOD = { isGood: true, rating: null };
const rated = (rating: number) => ({ isGood: null, rating });
const categories = [
  { label: "rude", value: 0 },
  { label: "kind", value: 2 },
];

test.each([
  ["thumbs up", verdictOf(feedbackWith({ value: true, number: 1 }), undefined), GOOD],
  [
    "thumbs down as a number",
    verdictOf(feedbackWith({ value: -1, number: -1 }), undefined),
    { ...GOOD, isGood: false },
  ],
  [
    "a yes where no is better",
    verdictOf(feedbackWith({ value: true, number: 1 }), config({ isHigherBetter: false })),
    { ...GOOD, isGood: false },
  ],
  ["a number on a scale", verdictOf(feedbackWith({ value: 4, number: 4 }), config({ min: 1, max: 5 })), rated(0.75)],
  [
    "a number where less is better",
    verdictOf(feedbackWith({ value: 3, number: 3 }), config({ min: 0, max: 4, isHigherBetter: false })),
    rated(0.25),
  ],
  ["a number off its scale", verdictOf(feedbackWith({ value: 9, number: 9 }), config({ min: 1, max: 5 })), rated(1)],
  ["a number without a scale", verdictOf(feedbackWith({ value: 37, number: 37 }), undefined), NONE],
  [
    "a score of which neither end is better",
    verdictOf(feedbackWith({ value: true, number: 1 }), config({ isHigherBetter: null })),
    NONE,
  ],
  ["a word", verdictOf(feedbackWith({ value: "rude" }), undefined), NONE],
  [
    "a word with a number",
    verdictOf(feedbackWith({ value: "rude", number: 0 }), config({ type: "category", categories })),
    rated(0),
  ],
  [
    "that the answer was copied",
    verdictOf(feedbackWith({ name: "copied", signal: "copied", value: true, number: 1 }), undefined),
    NONE,
  ],
  [
    "that it was asked for again",
    verdictOf(feedbackWith({ signal: "regenerated", value: true, number: 1 }), undefined),
    NONE,
  ],
])("%s has its own verdict on the answer", (_, found, wanted) => {
  expect(found).toEqual(wanted);
});
