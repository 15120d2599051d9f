export { BlockedError, createGuard, type Guard, type GuardOptions, type GuardResult } from "./guards.ts";
