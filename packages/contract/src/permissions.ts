/** Everything a key or a member can be allowed to do. An endpoint names exactly one of them. */
export const PERMISSIONS = [
  "gateway:use",
  "traces:read",
  "traces:content",
  "traces:write",
  "dashboards:read",
  "dashboards:write",
  "prompts:read",
  "prompts:write",
  "prompts:protect",
  "scorers:read",
  "scorers:write",
  "jobs:read",
  "jobs:write",
  "datasets:read",
  "datasets:write",
  "experiments:read",
  "experiments:write",
  "feedback:read",
  "feedback:write",
  "annotation:read",
  "annotation:write",
  "training:read",
  "training:write",
  "compute:read",
  "compute:write",
  "sql:read",
  "mcp:write",
  "forwarding:read",
  "forwarding:write",
  "monitors:read",
  "monitors:write",
  "incidents:read",
  "incidents:write",
  "notifications:read",
  "notifications:write",
  "exports:read",
  "exports:write",
  "models:read",
  "models:write",
  "connections:read",
  "connections:write",
  "endpoints:read",
  "endpoints:write",
  "guards:read",
  "guards:write",
  "knowledge:read",
  "knowledge:write",
  "limits:read",
  "limits:write",
  "keys:read",
  "keys:write",
  "members:read",
  "members:write",
  "projects:read",
  "projects:write",
  "projects:manage",
  "local-models:write",
  "audit:read",
  "system:read",
  "system:write",
] as const;
export type Permission = (typeof PERMISSIONS)[number];

/**
 * What concerns the whole server. A person has these by their role in the first project, in whichever project they act; only API keys
 * of the first project carry them.
 */
export const SERVER_PERMISSIONS = [
  "projects:manage",
  "local-models:write",
  "system:read",
  "system:write",
] as const satisfies readonly Permission[];

export const ROLES = ["owner", "admin", "member", "viewer"] as const;
export type Role = (typeof ROLES)[number];

const readOnly = PERMISSIONS.filter((permission) => permission.endsWith(":read") && permission !== "audit:read");
const building: readonly Permission[] = [
  "gateway:use",
  "traces:content",
  "traces:write",
  "dashboards:write",
  "monitors:write",
  "incidents:write",
  "prompts:write",
  "scorers:write",
  "jobs:write",
  "datasets:write",
  "experiments:write",
  "feedback:write",
  "annotation:write",
  "training:write",
  "models:write",
  "connections:write",
  "endpoints:write",
  "guards:write",
  "knowledge:write",
];

/** What each role may do. An owner differs from an admin in what may be done to owners, not in this list. */
export const ROLE_PERMISSIONS: Readonly<Record<Role, readonly Permission[]>> = {
  owner: PERMISSIONS,
  admin: PERMISSIONS,
  member: [...readOnly, ...building],
  viewer: readOnly.filter((permission) => permission !== "keys:read"),
};
