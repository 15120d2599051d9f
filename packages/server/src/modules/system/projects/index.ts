export { createLifecycle } from "./lifecycle/lifecycle-service.ts";
export { openLifecycle, openProjects } from "./open.ts";
export { projectRoutes, sessionRoutes } from "./routes.ts";
export { createProjects } from "./service.ts";
export { isProjectPaused } from "./stores/project-store.ts";
