import type { Permission } from "@treadle/contract";
import { AppError } from "../../../kernel/errors.ts";
import type { Scope } from "../../../kernel/scope.ts";

/** Throws `forbidden`: what is made of something shows it, so that whoever makes it must be allowed to read it. */
export function checkMayRead({ permissions }: Scope, permission: Permission): void {
  if (permissions.has(permission)) return;
  throw new AppError("forbidden", {
    message: `This shows what only the permission ${permission} allows to read. Ask an admin for it, or use a key that has it.`,
    details: { permission },
  });
}
