import type { PromptContent, RenderedPrompt } from "@treadle/contract";
import type { Scope } from "../../../../kernel/scope.ts";
import type { EvalDeps, Evals } from "../../experiments/index.ts";

export type PromptChoice = {
  readonly name: string;
  readonly label?: string | undefined;
  readonly version?: number | undefined;
};

/** The prompt functions. */
export type OptimisedPrompts = {
  /** A version as it was written, its includes left as they are. */
  find(scope: Scope, choice: PromptChoice): Promise<{ readonly version: number; readonly content: PromptContent }>;
  /** Fills a content that is stored nowhere. */
  preview(
    scope: Scope,
    draft: { readonly content: PromptContent; readonly inputs: Readonly<Record<string, unknown>> },
  ): Promise<RenderedPrompt>;
  /** Adds a version without a label. Returns the number of an existing version with the same content. */
  save(
    scope: Scope,
    name: string,
    draft: { readonly content: PromptContent; readonly message: string },
  ): Promise<{ readonly version: number }>;
};

export type OptimisationDeps = Pick<
  EvalDeps,
  "db" | "jobs" | "datasets" | "scorers" | "complete" | "priceOf" | "audit" | "clock" | "namesOf"
> & {
  readonly prompts: OptimisedPrompts;
  /** Computes statistics without blocking requests. */
  readonly ask: Evals["ask"];
};
