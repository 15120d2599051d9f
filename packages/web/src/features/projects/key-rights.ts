import { PERMISSIONS, type Permission } from "@treadle/contract";

/** The usual sets of rights, by what a program is there for. */
export const RIGHTS = [
  {
    id: "application",
    label: "An application",
    help: "Calls models and sends spans",
    permissions: ["gateway:use", "traces:write", "models:read"],
  },
  {
    id: "reader",
    label: "A reader",
    help: "Reads traces, models and settings; changes nothing",
    permissions: PERMISSIONS.filter((name) => name.endsWith(":read") && name !== "audit:read"),
  },
  { id: "all", label: "Everything", help: "All that you may do yourself", permissions: [...PERMISSIONS] },
] as const satisfies readonly { id: string; label: string; help: string; permissions: readonly Permission[] }[];

/** A set of rights in a word or two, for a table. */
export function nameOfRights(permissions: readonly Permission[]): string {
  const known = RIGHTS.find(
    (rights) =>
      rights.permissions.length === permissions.length &&
      rights.permissions.every((name: Permission) => permissions.includes(name)),
  );
  if (known) return known.id === "all" ? "everything" : known.help.toLowerCase();
  return permissions.length <= 2 ? permissions.join(", ") : `${permissions[0]} and ${permissions.length - 1} more`;
}

/** What permissions are about, in the words of the pages that they open. */
const SUBJECTS: Readonly<Record<string, string>> = {
  gateway: "Calls of models",
  traces: "Traces",
  boards: "Dashboards, views, comments",
  sql: "SQL console",
  mcp: "Assistants (MCP)",
  compute: "Places to train at",
  forwarding: "Forwarding, exports",
  models: "Models on this machine",
  connections: "Providers",
  endpoints: "Endpoints",
  keys: "API keys",
  members: "Members",
  projects: "Project",
  audit: "Audit log",
  system: "System",
};
export const subjectOf = (about: string): string => SUBJECTS[about] ?? about;

/** Permissions by what they are about: `traces` → read, write. */
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
