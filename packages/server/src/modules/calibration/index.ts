export { calibrationRoutes } from "./routes.ts";
export { createCalibration } from "./service.ts";
