export { openCalibration } from "./open.ts";
