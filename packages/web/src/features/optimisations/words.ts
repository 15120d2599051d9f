import type { Candidate, Optimisation } from "./use-optimisations.ts";

export const METHODS: Readonly<Record<Optimisation["method"], string>> = {
  gepa: "GEPA",
  "few-shot": "Few-shot examples",
  mutations: "Mutations",
};

export const METHOD_HELP: Readonly<Record<Optimisation["method"], string>> = {
  gepa: "A model reads answers with what the scorers say of them, and rewrites the prompt. Best with a strong model to rewrite and a scorer that gives reasons.",
  "few-shot":
    "Answers that scored well become examples before the question; sets of them are drawn and tried. No model writes anything.",
  mutations:
    "Hints, the answers there are to choose from and examples are put together at random, and the better half goes on. For models too weak to rewrite.",
};

const STOPS: Readonly<Record<NonNullable<Optimisation["stopped"]>, string>> = {
  finished: "The search came to its end.",
  "budget-answers": "The search stopped because its answers were used up.",
  "budget-usd": "The search stopped because the budget in dollars was used up.",
  "budget-tokens": "The search stopped because the budget in tokens was used up.",
  "price-unknown": "The search stopped because a model has no known price, so that its budget could not be kept.",
};

export const stopWords = (stopped: Optimisation["stopped"]): string => (stopped === null ? "" : STOPS[stopped]);

const CHANGES: Readonly<Record<Candidate["change"], string>> = {
  start: "at the start",
  rewrite: "rewritten",
  merge: "two lines joined",
  examples: "examples",
  mutation: "mutated",
};

export const changeWords = (change: Candidate["change"]): string => CHANGES[change];

/** What a candidate is called everywhere. */
export const nameOf = ({ candidate, change }: Pick<Candidate, "candidate" | "change">): string =>
  change === "start" ? "the first prompt" : `candidate ${candidate}`;
