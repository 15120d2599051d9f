import { PERMISSIONS, type Permission } from "@treadle/contract";

const READS = PERMISSIONS.filter((name) => name.endsWith(":read") && name !== "audit:read");

/** Common permission sets, by the purpose of the program. */
export const RIGHTS = [
  {
    id: "application",
    label: "Application",
    help: "Can call models and send spans",
    permissions: ["gateway:use", "traces:write", "models:read"],
  },
  {
    id: "reader",
    label: "Reader",
    help: "Can read traces, models and settings, but cannot make changes",
    permissions: [...READS, "traces:content"],
  },
  {
    id: "measures",
    label: "Reader without content",
    help: "Can read names, times and costs, but no inputs and outputs",
    permissions: READS,
  },
  { id: "all", label: "Full access", help: "All your permissions", permissions: [...PERMISSIONS] },
] as const satisfies readonly { id: string; label: string; help: string; permissions: readonly Permission[] }[];

/** A short name for a permission set, for a table. */
export function nameOfRights(permissions: readonly Permission[]): string {
  const known = RIGHTS.find(
    (rights) =>
      rights.permissions.length === permissions.length &&
      rights.permissions.every((name: Permission) => permissions.includes(name)),
  );
  if (known) return known.id === "all" ? "everything" : known.help.toLowerCase();
  return permissions.length <= 2 ? permissions.join(", ") : `${permissions[0]} and ${permissions.length - 1} more`;
}

/** Names of permission groups, as on the pages they open. */
const SUBJECTS: Readonly<Record<string, string>> = {
  gateway: "Model calls",
  traces: "Traces",
  dashboards: "Dashboards, views, comments",
  sql: "SQL console",
  mcp: "Assistants (MCP)",
  compute: "Compute targets",
  forwarding: "Forwarding",
  exports: "Exports",
  models: "Models and registry",
  "local-models": "Local models",
  connections: "Providers",
  endpoints: "Endpoints",
  keys: "API keys",
  members: "Members",
  projects: "Project",
  audit: "Audit log",
  system: "System",
};
export const subjectOf = (about: string): string => SUBJECTS[about] ?? about;

/** Permissions by group: `traces` → read, write. */
export function groupRights(
  permissions: readonly Permission[],
): readonly { about: string; permissions: readonly Permission[] }[] {
  const groups = new Map<string, Permission[]>();
  for (const name of permissions) {
    const about = name.split(":")[0] ?? name;
    groups.set(about, [...(groups.get(about) ?? []), name]);
  }
  return [...groups].map(([about, list]) => ({ about, permissions: list }));
}
