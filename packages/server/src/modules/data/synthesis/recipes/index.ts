import type { SynthesisRecipe } from "@treadle/contract";
import { answers } from "./answers.ts";
import { evolve } from "./evolve.ts";
import { preferences } from "./preferences.ts";
import { questions } from "./questions.ts";
import type { Recipe } from "./recipe.ts";

export const RECIPES: Readonly<Record<SynthesisRecipe, Recipe>> = { questions, evolve, answers, preferences };
