export { createProviderModels } from "./attempt/provider-models.ts";
export type { Completion } from "./complete.ts";
export type { MirrorAnswer, MirrorCall } from "./mirror-call.ts";
export { openGateway } from "./open.ts";
export { runsTools, SHADOW_ACTOR } from "./request/mirror-of.ts";
export type { AnsweredCall, Mirrors } from "./request/mirrors.ts";
export type { Reservation, SpendEntry, SpendLimits, SpendOrder, Spent, Waiting } from "./request/spend-limits.ts";
export { hashUnit, unitOf } from "./resolve/assign-variant.ts";
export { unitsOf } from "./resolve/units-of.ts";
