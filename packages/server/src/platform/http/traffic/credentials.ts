import type { Route } from "@treadle/contract";
import { AppError } from "../../../kernel/errors.ts";
import type { Scope } from "../../../kernel/scope.ts";

/** The headers that say who calls and which project they mean. */
export type Credentials = {
  readonly authorization?: string;
  readonly "x-api-key"?: string | readonly string[];
  readonly cookie?: string;
  readonly "x-treadle-project"?: string | readonly string[];
};

/**
 * The caller, or null if no credential is right. Synchronous for a cached caller. Throws `rate_limited` for an address
 * that guesses repeatedly, `not_found` for a project that the caller is not in, and `unauthorized` for a key of a
 * deleted project. A persistent connection saves work, because it mostly carries the same credential.
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
  if (scope.withheld?.permissions.has(permission)) {
    const { message, code } = scope.withheld;
    return new AppError("forbidden", { message, details: { permission, code } });
  }
  const message = `This request needs the permission "${permission}", which you do not have in this project.`;
  return new AppError("forbidden", { message, details: { permission } });
}
