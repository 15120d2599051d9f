export { createProviderModels } from "./attempt/provider-models.ts";
export type { Completion } from "./complete.ts";
export { openGateway } from "./open.ts";
