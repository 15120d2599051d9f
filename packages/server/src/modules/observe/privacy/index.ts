export { openPrivacy } from "./open.ts";
export { listSealedPrivacyKeys, type PrivacyService } from "./service.ts";
