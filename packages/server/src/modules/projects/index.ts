export { projectRoutes, sessionRoutes } from "./routes.ts";
export { createProjects } from "./service.ts";
