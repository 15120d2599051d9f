export { BUILTIN } from "./catalogue.ts";
export { modelRoutes } from "./routes.ts";
export { createModels, type Models } from "./service.ts";
export type { PulledModel } from "./shelf.ts";
export { createHubSource } from "./sources/hub.ts";
export { licenseOfCard, readHubLicense } from "./sources/hub-license.ts";
