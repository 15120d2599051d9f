export { openRegistry } from "./open.ts";
export { parseRef } from "./refs/name-refs.ts";
export type { Registry } from "./service.ts";
export type { AliasChange, AliasChanges, RegistryDeps } from "./stores/deps.ts";
export type { ConversionSource } from "./versions/conversions-service.ts";
export type { TrainedVersion } from "./versions/from-training.ts";
