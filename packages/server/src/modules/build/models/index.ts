export { BUILTIN, DEFAULT_EMBEDDER } from "./catalogue/catalogue.ts";
export type { PulledModel } from "./model-files.ts";
export { openModels } from "./open.ts";
export type { Models } from "./service.ts";
export { createModels } from "./service.ts";
export { createHubSource } from "./sources/hub.ts";
export { licenseOfCard, readHubLicense } from "./sources/hub-license.ts";
export { createModelFolders, type ModelFolders } from "./sources/model-folders.ts";
