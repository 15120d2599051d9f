export { openLiveAgreement } from "./open.ts";
