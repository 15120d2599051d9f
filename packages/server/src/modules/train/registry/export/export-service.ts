import { createReadStream } from "node:fs";
import type { ModelExport, ModelFile } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import { findBase } from "../refs/find-base.ts";
import type { RegistryDeps } from "../stores/deps.ts";
import type { Place, Versions } from "../versions/versions-service.ts";
import { exportVersion } from "./export-version.ts";
import { tarBytes, writeTar } from "./tar.ts";

type Deps = Pick<RegistryDeps, "db" | "objects" | "models"> & { readonly versions: Pick<Versions, "whole" | "card"> };
type ServedFiles = { readonly model: ModelFile; readonly adapter: ModelFile | null };

/** A tar archive of a version, its size known before the first byte. Throws `unprocessable` for a kind that it cannot be. */
export function createExports(deps: Deps) {
  const { objects, versions } = deps;
  return async function exportAs(scope: Scope, place: Place, kind: ModelExport) {
    const { files, findings: _, ...version } = await versions.whole(scope, place);
    if (version.filesRemovedAt !== null)
      throw new AppError("unprocessable", {
        message: version.whyNot ?? undefined,
        details: { code: "files_removed" },
      });
    if (files.length === 0) throw new AppError("unprocessable", { message: "This version has no files." });
    const served = kind === "container" ? await servedFiles(deps, scope, place) : null;
    const entries = exportVersion(objects, kind, { version, files, card: await versions.card(scope, place), served });
    return {
      fileName: `${version.name}-v${version.version}-${kind}.tar`,
      sizeBytes: tarBytes(entries),
      read: () => writeTar(entries),
    };
  };
}

/** The files for a server: the model, and the adapter over its base. Null if there is no GGUF. */
async function servedFiles(deps: Deps, scope: Scope, place: Place): Promise<ServedFiles | null> {
  const { files, format, base } = await deps.versions.whole(scope, place);
  const gguf = files.find(({ path }) => path.toLowerCase().endsWith(".gguf"));
  if (!gguf) return null;
  if (format !== "gguf-adapter") return { model: gguf, adapter: null };
  if (!base) return null;
  const below = base.version ?? null;
  if (below) {
    const under = await servedFiles(deps, scope, { name: below.name, version: String(below.version) });
    return under && { model: under.model, adapter: gguf };
  }
  const baseModel = await findBase(deps, scope, base.ref).catch(() => null);
  if (!baseModel?.path) return null;
  const { sha256, sizeBytes } = await deps.objects.put(createReadStream(baseModel.path));
  return { model: { path: "model.gguf", sha256, sizeBytes }, adapter: gguf };
}
