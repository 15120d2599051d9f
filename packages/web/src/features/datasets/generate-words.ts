import type { SynthesisLoss, SynthesisRecipe } from "@treadle/contract";

export const RECIPE_WORDS: Readonly<Record<SynthesisRecipe, { name: string; help: string }>> = {
  questions: { name: "New items", help: "Items of the same kind as those in the draft, about other things." },
  evolve: { name: "Rewrite", help: "Items of the draft rewritten: harder, more exact, or in other words." },
  answers: { name: "Answers", help: "Expected answers for the items of the draft that have none." },
  preferences: {
    name: "Preference pairs",
    help: "Two answers to each item, and which of them the judge finds better.",
  },
};

export const LOSS_WORDS: Readonly<Record<SynthesisLoss, string>> = {
  unreadable: "could not be read",
  misshapen: "of another shape",
  duplicate: "there already",
  "near-duplicate": "nearly there already",
  "below-threshold": "scored too low",
  "judge-unreadable": "not judged: the judge's answer could not be read",
  undecided: "no better answer",
  "call-failed": "the call failed",
};
