export { openAudit } from "./open.ts";
export type { Audit } from "./service.ts";
export { createAudit } from "./service.ts";
