export { optimisedPrompts } from "./from-prompts.ts";
export { optimisationRoutes } from "./routes.ts";
export { createOptimisation } from "./service.ts";
