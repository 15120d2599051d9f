import { type Member, ROLE_PERMISSIONS, type Role } from "@treadle/contract";
import { AppError, notFound } from "../../kernel/errors.ts";
import type { Scope } from "../../kernel/scope.ts";
import type { Postgres } from "../../platform/postgres/port.ts";
import { createMemberStore } from "./member-store.ts";

const refuse = (message: string) => new AppError("forbidden", { message });

/** A key is nobody's, so it is never an owner, whatever its permissions. */
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
  if (concernsOwner && !(await isOwner(tx, scope))) throw refuse("Only an owner can make, change or remove an owner.");
  const beyond = role ? ROLE_PERMISSIONS[role].filter((permission) => !scope.permissions.has(permission)) : [];
  if (beyond.length > 0) throw refuse(`You cannot give a role that can do what you cannot: ${beyond.join(", ")}.`);
}

/** Throws `conflict` when nobody but `userId` is an owner. Until the transaction ends, the owners stay as they are. */
export async function keepAnOwner(tx: Postgres, { projectId }: Scope, userId: string): Promise<void> {
  const owners = await createMemberStore(tx).lockOwners(projectId);
  if (owners.some((owner) => owner !== userId)) return;
  throw new AppError("conflict", { message: "This is the project's last owner. Make another member an owner first." });
}

/** Throws `not_found` for who is no member of the project. */
export async function getMember(tx: Postgres, { projectId }: Scope, userId: string): Promise<Member> {
  const member = await createMemberStore(tx).find(projectId, userId);
  if (!member) throw notFound("member", userId);
  return member;
}
