import { type Member, type Permission, ROLE_PERMISSIONS, type Role } from "@treadle/contract";
import { AppError, notFound } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { createMemberStore } from "../stores/member-store.ts";
import { rightsInProject } from "../stores/project-access.ts";
import { createProjectStore } from "../stores/project-store.ts";

const refuse = (message: string) => new AppError("forbidden", { message });

/** A key does not belong to a person, so it is never an owner, whatever its permissions. */
async function isOwner(tx: Postgres, { projectId, userId }: Scope): Promise<boolean> {
  if (userId === null) return false;
  return (await createMemberStore(tx).find(projectId, userId))?.role === "owner";
}

/** Throws when the caller may not give `role`, or may not change a member who now is `current`. */
export async function checkMayGive(
  tx: Postgres,
  scope: Scope,
  { role, current }: { role?: Role; current?: Role },
): Promise<void> {
  const concernsOwner = role === "owner" || current === "owner";
  if (concernsOwner && !(await isOwner(tx, scope))) throw refuse("Only an owner can add, change or remove an owner.");
  const beyond = role
    ? (await givenBy(tx, scope, role)).filter((permission) => !scope.permissions.has(permission))
    : [];
  if (beyond.length > 0)
    throw refuse(`You cannot give a role that has permissions you do not have: ${beyond.join(", ")}.`);
}

/** A role in the first project also gives server permissions. */
async function givenBy(tx: Postgres, { projectId }: Scope, role: Role): Promise<readonly Permission[]> {
  const project = await createProjectStore(tx).find(projectId);
  return project?.isFirst ? ROLE_PERMISSIONS[role] : rightsInProject(role);
}

/** Throws `conflict` if `userId` is the only owner. The owners are locked until the transaction ends. */
export async function keepAnOwner(tx: Postgres, { projectId }: Scope, userId: string): Promise<void> {
  const owners = await createMemberStore(tx).lockOwners(projectId);
  if (owners.some((owner) => owner !== userId)) return;
  throw new AppError("conflict", { message: "This is the project's last owner. Make another member an owner first." });
}

/** Throws `not_found` if the person is not a member of the project. */
export async function getMember(tx: Postgres, { projectId }: Scope, userId: string): Promise<Member> {
  const member = await createMemberStore(tx).find(projectId, userId);
  if (!member) throw notFound("member", userId);
  return member;
}
