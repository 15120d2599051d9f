import { AppError } from "../../../kernel/errors.ts";
import type { Scope } from "../../../kernel/scope.ts";

/** A person who makes a probe call a model needs the permission for it. */
export function checkMayCall({ permissions }: Scope): void {
  if (permissions.has("gateway:use")) return;
  throw new AppError("forbidden", { message: "A probe calls a model, which needs the permission `gateway:use`." });
}
