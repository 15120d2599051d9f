export { PromptError } from "./prompt-error.ts";
export { createPrompts, type GetOptions, type PromptChoice, type Prompts, type PromptsOptions } from "./prompts.ts";
export type { Fallback, Inputs, StoredPrompt } from "./stored-prompt.ts";
