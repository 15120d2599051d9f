import type { Permission } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";

/** Throws `forbidden`. The rows show their sources, so the caller needs permission to read the sources. */
export function checkMayRead({ permissions }: Scope, permission: Permission): void {
  if (permissions.has(permission)) return;
  throw new AppError("forbidden", {
    message: `Reading this needs the permission ${permission}. Ask an admin for it, or use a key that has it.`,
    details: { permission },
  });
}
