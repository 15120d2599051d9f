import { AppError } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { RegistryDeps } from "../stores/deps.ts";
import { createVersionStore, type VersionRow } from "../stores/version-store.ts";
import { findModel, findVersion, requireFiles } from "./find-version.ts";
import { parseRef } from "./name-refs.ts";

/** The base: a version in the registry, or a pulled model. */
export type Base = {
  readonly ref: string;
  /** SHA-256 of its GGUF file, or, if it has none, of its list of files. */
  readonly hash: string;
  readonly version: VersionRow | null;
  /** For a pulled model: the path of its GGUF file. */
  readonly path: string | null;
  /** For a pulled model: its license, if known. A version has its own. */
  readonly license: string | null;
};
type Deps = Pick<RegistryDeps, "db" | "models">;

/** Finds a base by `name@v3`, `name@alias`, `registry://…`, or `local:` and a pulled model. Throws `not_found` for any other. */
export async function findBase({ db, models }: Deps, scope: Scope, ref: string): Promise<Base> {
  const local = ref.replace(/^local:(\/\/)?/, "");
  const isNamedLocal = local !== ref;
  const { name, which } = parseRef(ref);
  const model = isNamedLocal || name === "" ? undefined : await findModel(db, scope, name).catch(ignoreMissing);
  if (model) {
    const version = await findVersion(db, model, which ?? (await newest(db, model.id)));
    requireFiles(name, version);
    return {
      ref: `${name}@v${version.number}`,
      hash: version.ggufSha256 ?? version.sha256,
      version,
      path: null,
      license: null,
    };
  }
  const there = models.whereIs(local);
  if (there) {
    const { path, sha256: hash, license } = there;
    return { ref: `local:${local}`, hash, version: null, path, license };
  }
  throw new AppError("not_found", {
    message: `There is no model "${ref}". Name a registered model (name@v1, name@production) or a pulled model (local:smollm2-135m-instruct).`,
    details: { kind: "base model", id: ref },
  });
}

async function newest(db: Deps["db"], modelId: string): Promise<string> {
  const latest = await createVersionStore(db).findLatest([modelId]);
  return String(latest.get(modelId)?.number ?? 0);
}

function ignoreMissing(error: unknown): undefined {
  if (error instanceof AppError && error.code === "not_found") return undefined;
  throw error;
}
