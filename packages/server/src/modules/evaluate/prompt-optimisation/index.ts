export { optimisedPrompts } from "./from-prompts.ts";
export { openPromptOptimisation } from "./open.ts";
