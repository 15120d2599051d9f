import type { Route } from "@treadle/contract";
import { AppError } from "../../kernel/errors.ts";
import type { Scope } from "../../kernel/scope.ts";

/** The headers that say who calls and which project they mean. */
export type Credentials = {
  readonly authorization?: string;
  readonly "x-api-key"?: string | readonly string[];
  readonly cookie?: string;
  readonly "x-treadle-project"?: string | readonly string[];
};

/**
 * Who is calling, or null when no credential is right. At once for a caller who is remembered. Throws `rate_limited` for
 * an address that keeps guessing, and `not_found` for a project the caller is not in. The connection, where it may bring
 * more requests, saves work: the same credential mostly comes over it again.
 */
export type Authenticate = (
  credentials: Credentials,
  remoteAddress: string,
  connection?: object,
) => Scope | null | Promise<Scope | null>;

/** The scope of a route that anyone may call. */
export const NOBODY: Scope = { projectId: "", actor: "anonymous", userId: null, permissions: new Set() };

/** Why a caller may not do what needs this permission; null when they may. */
export function judgementOf(scope: Scope | null, permission: Route["permission"]): AppError | null {
  if (permission === "public") return null;
  if (scope === null) return new AppError("unauthorized");
  if (permission === "signed-in" || scope.permissions.has(permission)) return null;
  const message = `This needs the permission "${permission}", which you do not have in this project.`;
  return new AppError("forbidden", { message, details: { permission } });
}
