export { createProviderModels } from "./attempt/provider-models.ts";
export type { Completion } from "./complete.ts";
export { openGateway } from "./open.ts";
export type { Reservation, SpendEntry, SpendLimits, SpendOrder, Spent } from "./request/spend-limits.ts";
