import { AppError } from "../../../kernel/errors.ts";
import type { Scope } from "../../../kernel/scope.ts";

/** A person who makes a probe call a model needs the permission for it. */
export function checkMayCall({ permissions }: Scope): void {
  if (permissions.has("gateway:use")) return;
  throw new AppError("forbidden", { message: "A probe calls a model, which needs the permission `gateway:use`." });
}

/** A confirmed change repeats the pinned experiment without asking. So pinning it needs the permissions to start it. */
export function checkMayPin({ permissions }: Pick<Scope, "permissions">): void {
  for (const needed of ["gateway:use", "experiments:write"] as const)
    if (!permissions.has(needed))
      throw new AppError("forbidden", {
        message: `A confirmed change repeats the pinned experiment, which needs the permission \`${needed}\`.`,
      });
}
