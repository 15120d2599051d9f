export { measuredRegistry, measuringExperiments } from "./from-modules.ts";
export { openRequiredEvaluations } from "./open.ts";
