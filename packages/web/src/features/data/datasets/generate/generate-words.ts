import type { SynthesisLoss, SynthesisRecipe } from "@treadle/contract";

export const RECIPE_WORDS: Readonly<Record<SynthesisRecipe, { name: string; help: string }>> = {
  questions: { name: "New items", help: "Items similar to the draft's items, on other topics." },
  evolve: { name: "Rewrite", help: "Harder, more precise or reworded versions of the draft's items." },
  answers: { name: "Answers", help: "Expected answers for items of the draft that have none." },
  preferences: {
    name: "Preference pairs",
    help: "Two answers per item; the judge decides which one is better.",
  },
};

export const LOSS_WORDS: Readonly<Record<SynthesisLoss, string>> = {
  unreadable: "could not be parsed",
  misshapen: "wrong shape",
  duplicate: "duplicate",
  "near-duplicate": "near-duplicate",
  "below-threshold": "score too low",
  "judge-unreadable": "the judge's answer could not be parsed",
  undecided: "no answer was better",
  "call-failed": "the call failed",
};
