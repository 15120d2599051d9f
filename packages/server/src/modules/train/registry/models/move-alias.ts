import { AppError } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import { findModel } from "../refs/find-version.ts";
import type { RegistryDeps } from "../stores/deps.ts";
import type { ModelRow } from "../stores/model-store.ts";
import type { Aliases } from "./aliases-service.ts";

type Deps = Pick<RegistryDeps, "db" | "aliasChanges"> & { readonly aliases: Aliases };
type Forced = { readonly alias: string; readonly reason: string; readonly force?: boolean };
/** The deployment is null if the alias has moved. */
export type Moved = {
  readonly model: ModelRow;
  readonly deployment: { readonly deploymentId: string; readonly rolloutIds: string[] } | null;
};

/** Moves of aliases as people and programs want them: immediately, or by a deployment if the project requires rollouts. */
export function createAliasMoves(deps: Deps) {
  const { aliases, aliasChanges } = deps;
  const move = createMove(deps);
  return {
    move,

    /** Back to where it pointed before its last move. Requested twice, it comes back again. */
    async rollBack(scope: Scope, name: string, { alias, reason, force }: Forced): Promise<Moved> {
      const version = await aliases.previousVersion(scope, name, alias);
      return move(scope, name, {
        alias,
        version,
        ...(force ? { reason, force } : { reason: reason || "Rolled back" }),
      });
    },

    moveCreated: createMoveCreated(move),

    async remove(scope: Scope, name: string, alias: string): Promise<ModelRow> {
      await aliasChanges.checkIdle(scope, { model: name, alias });
      return aliases.remove(scope, name, alias);
    },
  };
}

function createMove({ db, aliases, aliasChanges }: Deps) {
  return async function move(scope: Scope, name: string, wish: Forced & { readonly version: string }): Promise<Moved> {
    const { alias, reason, force = false } = wish;
    if (force) {
      checkForce(scope, reason);
      await aliasChanges.checkIdle(scope, { model: name, alias });
      return { model: await aliases.move(scope, name, wish), deployment: null };
    }
    const deployment = await aliasChanges.begin(scope, await aliases.plan(scope, name, wish));
    if (deployment) return { model: await findModel(db, scope, name), deployment };
    return { model: await aliases.move(scope, name, wish), deployment: null };
  };
}
/** For a new version, which stays if its alias cannot move. */
const createMoveCreated =
  (move: ReturnType<typeof createMove>) =>
  async (scope: Scope, name: string, place: Omit<Forced, "reason"> & { readonly version: string }): Promise<void> => {
    try {
      await move(scope, name, { ...place, reason: "Imported" });
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      throw new AppError("conflict", {
        message: `Version ${place.version} was created, but its alias "${place.alias}" did not move. ${error.message}`,
      });
    }
  };
export type AliasMoves = ReturnType<typeof createAliasMoves>;

function checkForce({ permissions }: Scope, reason: string): void {
  if (!permissions.has("projects:write"))
    throw new AppError("forbidden", {
      message:
        "To move an alias without a rollout, you need the permission projects:write. Leave `force` out to start a rollout.",
    });
  if (reason === "")
    throw new AppError("unprocessable", {
      message: "A move without a rollout needs a reason. The audit log records it.",
      details: { param: "reason" },
    });
}
