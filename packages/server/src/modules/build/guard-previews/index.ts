export { judgeCalls } from "./judge-calls.ts";
export { openGuardPreviews } from "./open.ts";
export type { PreviewOrders } from "./orders.ts";
export { createGuardPreviews, type GuardPreviews } from "./service.ts";
export { shareOf } from "./share-of.ts";
