export { openLiveAgreement } from "./open.ts";
export type { LiveAgreementService } from "./service.ts";
