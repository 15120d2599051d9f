export { projectRoutes, sessionRoutes } from "./routes.ts";
export { createProjects, type Projects } from "./service.ts";
