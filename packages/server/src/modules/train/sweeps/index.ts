export { sweptTraining } from "./from-training.ts";
export { openSweeps } from "./open.ts";
