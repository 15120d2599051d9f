import type { Tag } from "../route.ts";
import { jobsApi } from "./jobs.ts";
import { mcpApi } from "./mcp.ts";
import { inboxApi, notificationsApi } from "./notifications-api.ts";
import { projectsApi } from "./projects.ts";
import { sessionApi } from "./session.ts";
import { systemApi } from "./system.ts";

/** The endpoints of the area system. */
export const systemEndpoints = {
  ...sessionApi,
  ...projectsApi,
  ...jobsApi,
  ...notificationsApi,
  ...inboxApi,
  ...mcpApi,
  ...systemApi,
};

/** The endpoints of the area system by noun. */
export const systemTags: readonly Tag[] = [
  {
    name: "Sign-in",
    description: "Browser sessions and user accounts.",
    endpoints: [sessionApi],
  },
  {
    name: "Projects",
    description: "Projects, their members, API keys and audit log.",
    endpoints: [projectsApi],
  },
  {
    name: "Jobs",
    description: "Long-running jobs: progress, results, cancellation and retries.",
    endpoints: [jobsApi],
  },
  {
    name: "Notifications",
    description: "Channels, routes, notices and their delivery.",
    endpoints: [notificationsApi],
  },
  {
    name: "Inbox",
    description: "The notices and mentions of the signed-in person.",
    endpoints: [inboxApi],
  },
  {
    name: "MCP",
    description: "The Model Context Protocol, which offers the API as tools for agents.",
    endpoints: [mcpApi],
  },
  {
    name: "Server",
    description: "The health, readiness and state of the whole server.",
    endpoints: [systemApi],
  },
];
