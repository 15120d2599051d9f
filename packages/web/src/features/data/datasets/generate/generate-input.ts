import { readShape, SynthesisInput, type SynthesisRecipe } from "@treadle/contract";
import type { GenerateInput } from "./use-generate.ts";

export type GenerateFields = {
  recipe: SynthesisRecipe;
  model: string;
  judge: string;
  threshold: number;
  instructions: string;
  /** 0 means an empty field, here and in the next two fields. */
  count: number;
  tokens: number;
  usd: number | null;
  nearDuplicates: boolean;
  isStructured: boolean;
};
export type GenerateErrors = Readonly<Partial<Record<keyof GenerateFields, string>>>;

/** Field names for error messages, by input path. */
const FIELDS: Readonly<Record<string, readonly [keyof GenerateFields, string]>> = {
  model: ["model", "The model"],
  count: ["count", "Items"],
  instructions: ["instructions", "The instructions"],
  "budget.tokens": ["tokens", "The token budget"],
  "budget.usd": ["usd", "The budget in USD"],
  "judge.model": ["judge", "The judge"],
  "judge.threshold": ["threshold", "The minimum score"],
};

export const toInput = ({ judge, threshold, usd, tokens, model, ...fields }: GenerateFields): GenerateInput => ({
  ...fields,
  model: model.trim(),
  judge: judge.trim() === "" ? null : { model: judge.trim(), threshold },
  budget: { usd, tokens },
});

/** The errors of each field, in the server's wording. */
export function errorsOf(fields: GenerateFields): GenerateErrors {
  const errors: Partial<Record<keyof GenerateFields, string>> = {};
  const read = readShape(SynthesisInput, toInput(fields));
  for (const { path, message } of read.error?.issues ?? []) {
    const [field, name] = FIELDS[path.join(".")] ?? [];
    if (field) errors[field] ??= `${name} ${message}.`;
  }
  if (fields.recipe === "preferences" && fields.judge.trim() === "")
    errors.judge = "The judge must not be empty, because it decides which answer is better.";
  return errors;
}
