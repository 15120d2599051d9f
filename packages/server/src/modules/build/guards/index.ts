export type { ActivePolicy, ChosenGuards } from "./active-policy.ts";
export type { CallMasks } from "./masks.ts";
export { openGuards } from "./open.ts";
export type { GuardsToOpen } from "./open-chosen.ts";
export type { GuardRegistry } from "./registry.ts";
export { createGuards, type Guards } from "./service.ts";
export { mapArguments, mapStrings } from "./texts/json-strings.ts";
export { mapTexts } from "./texts/map-texts.ts";
export type { Place, TextVisitor } from "./texts/text-visitor.ts";
