import { readShape, SynthesisInput, type SynthesisRecipe } from "@treadle/contract";
import type { GenerateInput } from "./use-generate.ts";

export type GenerateFields = {
  recipe: SynthesisRecipe;
  model: string;
  judge: string;
  threshold: number;
  instructions: string;
  /** 0 in this and the next two for a field that is empty. */
  count: number;
  tokens: number;
  usd: number | null;
  nearDuplicates: boolean;
  isStructured: boolean;
};
export type GenerateErrors = Readonly<Partial<Record<keyof GenerateFields, string>>>;

/** The fields by the places of the input that they fill, and what they are called. */
const FIELDS: Readonly<Record<string, readonly [keyof GenerateFields, string]>> = {
  model: ["model", "The model"],
  count: ["count", "Items"],
  instructions: ["instructions", "The instructions"],
  "budget.tokens": ["tokens", "The budget in tokens"],
  "budget.usd": ["usd", "The budget in US dollars"],
  "judge.model": ["judge", "The judge"],
  "judge.threshold": ["threshold", "The least score"],
};

export const toInput = ({ judge, threshold, usd, tokens, model, ...fields }: GenerateFields): GenerateInput => ({
  ...fields,
  model: model.trim(),
  judge: judge.trim() === "" ? null : { model: judge.trim(), threshold },
  budget: { usd, tokens },
});

/** What is wrong with each field, in the words that the server has for it. */
export function errorsOf(fields: GenerateFields): GenerateErrors {
  const errors: Partial<Record<keyof GenerateFields, string>> = {};
  const read = readShape(SynthesisInput, toInput(fields));
  for (const { path, message } of read.error?.issues ?? []) {
    const [field, name] = FIELDS[path.join(".")] ?? [];
    if (field) errors[field] ??= `${name} ${message}.`;
  }
  if (fields.recipe === "preferences" && fields.judge.trim() === "")
    errors.judge = "The judge must not be empty: it says which answer is better.";
  return errors;
}
