export { openDashboards } from "./open.ts";
export { createDashboardServices } from "./service.ts";
