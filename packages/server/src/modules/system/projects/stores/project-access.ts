import { type Permission, ROLE_PERMISSIONS, type Role, SERVER_PERMISSIONS } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";

type Times = { readonly archivedAt: Date | null; readonly deletedAt: Date | null; readonly purgeAt: Date | null };
/** The inputs of an access decision besides the role or the key. */
type Standing = Times & { readonly isFirst: boolean };
type Access = Pick<Scope, "permissions" | "withheld">;

const OF_SERVER: ReadonlySet<Permission> = new Set(SERVER_PERMISSIONS);

export const stateOf = ({ archivedAt, deletedAt }: Pick<Times, "archivedAt" | "deletedAt">) =>
  deletedAt !== null ? "deleted" : archivedAt !== null ? "archived" : "active";

/** The permissions of a role within a project. */
export const rightsInProject = (role: Role): readonly Permission[] =>
  ROLE_PERMISSIONS[role].filter((permission) => !OF_SERVER.has(permission));

/** The server permissions of a person's role in the first project. None without a role. */
const rightsOnServer = (role: Role | undefined): readonly Permission[] =>
  role === undefined ? [] : ROLE_PERMISSIONS[role].filter((permission) => OF_SERVER.has(permission));

/** A person's permissions in a project: from the role there, and from the role in the first project for the server. */
export const accessOfMember = (role: Role, firstRole: Role | undefined, standing: Standing): Access =>
  narrow([...rightsInProject(role), ...rightsOnServer(firstRole)], standing);

/** A key's rights. Only a key of the first project carries server permissions. */
export const accessOfKey = (permissions: readonly Permission[], standing: Standing): Access =>
  narrow(standing.isFirst ? permissions : permissions.filter((permission) => !OF_SERVER.has(permission)), standing);

/** An archived project can be read, renamed, restored and deleted; a deleted one only restored. */
function narrow(permissions: readonly Permission[], standing: Standing): Access {
  const state = stateOf(standing);
  if (state === "active") return { permissions: new Set(permissions) };
  const isLeft = (permission: Permission) =>
    permission === "projects:read" ||
    permission === "projects:write" ||
    (state === "archived" && (permission.endsWith(":read") || OF_SERVER.has(permission)));
  return {
    permissions: new Set(permissions.filter(isLeft)),
    withheld: {
      permissions: new Set(permissions.filter((permission) => !isLeft(permission))),
      code: `project_${state}`,
      message: state === "archived" ? ARCHIVED : deletedMessage(standing),
    },
  };
}

const ARCHIVED =
  "This project is archived. You can read it, but it accepts no changes, traces or gateway calls. Restore it under Settings, Project, or with `treadle project restore`.";

export const deletedMessage = ({ purgeAt }: Pick<Times, "purgeAt">) =>
  `This project is deleted${purgeAt ? ` and its data will be removed after ${purgeAt.toISOString().slice(0, 16).replace("T", " ")} UTC` : ""}. Until then an owner can restore it.`;

/** Throws `unauthorized` for an API key whose time is over. */
export function checkNotExpired({ expiresAt }: { readonly expiresAt: number | null }, now: number): void {
  if (expiresAt === null || now < expiresAt) return;
  throw new AppError("unauthorized", {
    message: `This API key expired at ${new Date(expiresAt).toISOString()}. Create a new key under Settings, API keys.`,
  });
}
