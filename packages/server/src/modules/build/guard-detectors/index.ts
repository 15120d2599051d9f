export { openGuardDetectors } from "./open.ts";
export { createGuardDetectors, type GuardDetectors } from "./service.ts";
