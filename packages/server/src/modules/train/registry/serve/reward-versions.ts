import { AppError, notFound } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import { findModel, findVersion, requireFiles } from "../refs/find-version.ts";
import { parseRef } from "../refs/name-refs.ts";
import { placeFolder } from "../refs/place-folder.ts";
import { createAliasStore } from "../stores/alias-store.ts";
import type { RegistryDeps } from "../stores/deps.ts";
import type { ModelRow } from "../stores/model-store.ts";
import { createVersionStore, type VersionRow } from "../stores/version-store.ts";

/** A version that gives answers a score. */
export type RewardVersion = {
  readonly versionId: string;
  /** For example `helpfulness@v3`. */
  readonly name: string;
};
/** Its files as a folder of this machine; an adapter also names its base by reference and SHA-256. */
export type RewardFiles = {
  readonly folder: string;
  readonly base: { readonly ref: string; readonly hash: string | null } | null;
};
type Deps = Pick<RegistryDeps, "db" | "objects" | "folder">;

/** Reward models for scorers. */
export function createRewardVersions(deps: Deps) {
  const { db } = deps;

  /** Without an alias or a number: the alias `production`, or else the newest version. */
  async function usual({ id }: ModelRow): Promise<string> {
    const aliased = (await createAliasStore(db).list([id])).find(({ alias }) => alias === "production");
    return String(aliased?.number ?? (await createVersionStore(db).findLatest([id])).get(id)?.number ?? 0);
  }

  /** Throws `not_found`, or `unprocessable` for a version of another method. */
  async function find(scope: Scope, ref: string): Promise<RewardVersion & { readonly row: VersionRow }> {
    const { name, which } = parseRef(ref);
    if (name === "") throw notFound("registered model", ref);
    const model = await findModel(db, scope, name);
    const row = await findVersion(db, model, which ?? (await usual(model)));
    const whole = `${name}@v${row.number}`;
    if (row.method !== "reward")
      throw new AppError("unprocessable", {
        message: `${whole} is not a reward model: ${row.method === "" ? "no training run made it" : `its method is "${row.method}"`}. Name a version that was trained with \`method: reward\`.`,
        details: { param: "model" },
      });
    requireFiles(name, row);
    return { versionId: row.id, name: whole, row };
  }

  return {
    async find(scope: Scope, ref: string): Promise<RewardVersion> {
      const { versionId, name } = await find(scope, ref);
      return { versionId, name };
    },
    /** Throws as `find` does, and `unprocessable` for a version without weights that can be loaded. */
    async open(scope: Scope, ref: string): Promise<RewardFiles> {
      const { row, name } = await find(scope, ref);
      const model = await placeFolder(deps, row, "safetensors");
      if (model !== null) return { folder: model, base: null };
      const adapter = await placeFolder(deps, row, "adapter");
      if (adapter !== null && row.baseRef !== null)
        return { folder: adapter, base: { ref: row.baseRef, hash: row.baseHash } };
      throw new AppError("unprocessable", {
        message: `${name} has neither safetensors with a config.json nor an adapter with a known base. Train it again with \`method: reward\`.`,
      });
    },
  };
}
