export { BUILTIN } from "./catalogue.ts";
export { modelRoutes } from "./routes.ts";
export { createModels, type Models } from "./service.ts";
export { createHubSource } from "./sources/hub.ts";
