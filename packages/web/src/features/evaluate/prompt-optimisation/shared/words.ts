import type { Candidate, Optimisation } from "./use-optimisations.ts";

export const METHODS: Readonly<Record<Optimisation["method"], string>> = {
  gepa: "GEPA",
  "few-shot": "Few-shot examples",
  mutations: "Mutations",
};

export const METHOD_HELP: Readonly<Record<Optimisation["method"], string>> = {
  gepa: "A model reads answers with their scores and reasons, and rewrites the prompt. Use a strong model and a scorer that gives reasons.",
  "few-shot":
    "Good answers become examples before the question, in several random sets. No model is needed for rewriting.",
  mutations:
    "Combines hints, answer options and examples at random, and continues with the better half. Use it for models that cannot rewrite prompts.",
};

const STOPS: Readonly<Record<NonNullable<Optimisation["stopped"]>, string>> = {
  finished: "The optimisation is complete.",
  "budget-answers": "The optimisation stopped because its answer budget was used up.",
  "budget-usd": "The optimisation stopped because the budget in USD was used up.",
  "budget-tokens": "The optimisation stopped because the token budget was used up.",
  "price-unknown": "The optimisation stopped because a model has no known price, so the budget cannot be checked.",
};

export const stopWords = (stopped: Optimisation["stopped"]): string => (stopped === null ? "" : STOPS[stopped]);

const CHANGES: Readonly<Record<Candidate["change"], string>> = {
  start: "first",
  rewrite: "rewritten",
  merge: "merged",
  examples: "examples",
  mutation: "mutated",
};

export const changeWords = (change: Candidate["change"]): string => CHANGES[change];

/** The name of a candidate. */
export const nameOf = ({ candidate, change }: Pick<Candidate, "candidate" | "change">): string =>
  change === "start" ? "the first prompt" : `candidate ${candidate}`;
