export { type Limits, openLimits } from "./open.ts";
