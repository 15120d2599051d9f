import { type CurationChoice, CurationRecipe, type DraftStep } from "@treadle/contract";

/** The steps of curation among the changes of a version or a draft, in order. */
export const recipeOf = (steps: readonly DraftStep[]): CurationChoice[] =>
  steps.flatMap(({ kind, recipe }) => {
    const parsed = kind === "curate" ? CurationRecipe.safeParse(recipe) : undefined;
    return parsed?.success ? parsed.data.steps : [];
  });
