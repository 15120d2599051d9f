import type { ConversionCheck, ConversionFormat, ModelConversion, ModelFile } from "@treadle/contract";
import { AppError, notFound } from "../../../../kernel/errors.ts";
import { newId } from "../../../../kernel/ids.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import { findModel, findVersion } from "../refs/find-version.ts";
import { placeFolder } from "../refs/place-folder.ts";
import type { Serving } from "../serve/serve-versions.ts";
import { type ConversionRow, createConversionStore } from "../stores/conversion-store.ts";
import type { RegistryDeps } from "../stores/deps.ts";
import { createVersionWriter, type VersionRow } from "../stores/version-store.ts";
import { hashOfFiles } from "./create-version.ts";
import { createContentDropping } from "./drop-versions.ts";
import type { Place } from "./versions-service.ts";

/** The sources of a version's weights, as local files. */
export type ConversionSource = {
  readonly versionId: string;
  readonly name: string;
  readonly number: number;
  /** The GGUF whose metadata is stored: the version's own, or its base's. */
  readonly base: string | null;
  /** The required SHA-256 of that file, if an adapter was trained over it. */
  readonly baseHash: string | null;
  /** The adapter or conversion that is loaded. None if it is the model itself. */
  readonly put: { readonly kind: "adapter" | "adapter-gguf" | "model"; readonly path: string } | null;
};

/** The conversions of a version. */
type NewConversion = {
  readonly format: ConversionFormat;
  readonly quantization: string;
  readonly files: readonly ModelFile[];
  readonly checks: readonly ConversionCheck[];
};
type Deps = Pick<RegistryDeps, "db" | "objects" | "models" | "audit" | "clock" | "folder"> & {
  readonly serving: Pick<Serving, "place" | "forget">;
};

/** Other formats of versions. They go with their version, and a version's own files never change for them. */
export function createConversions(deps: Deps) {
  const { db, objects, audit, clock, serving } = deps;
  const dropContents = createContentDropping(deps);
  const find = async (scope: Scope, { name, version }: Place) => {
    const model = await findModel(db, scope, name);
    return { model, row: await findVersion(db, model, version) };
  };
  async function findConversion(scope: Scope, place: Place, conversionId: string) {
    const { model, row } = await find(scope, place);
    const conversion = await createConversionStore(db).find(row.id, conversionId);
    if (!conversion) throw notFound("conversion of this version", conversionId);
    return { model, row, found: conversion };
  }

  return {
    async list(scope: Scope, place: Place): Promise<ModelConversion[]> {
      const { row } = await find(scope, place);
      return (await createConversionStore(db).list(row.id)).map(toConversion);
    },

    async openFile(scope: Scope, place: Place, { conversionId, path }: { conversionId: string; path: string }) {
      const { found } = await findConversion(scope, place, conversionId);
      const file = found.files.find((one) => one.path === path);
      if (!file) throw notFound("file of this conversion", path.slice(0, 200));
      return { ...file, content: await objects.get(file.sha256) };
    },

    async delete(scope: Scope, place: Place, conversionId: string): Promise<void> {
      const { model, row, found } = await findConversion(scope, place, conversionId);
      await db.transaction(async (tx) => {
        await createConversionStore(tx).delete(row.id, conversionId);
        const details = { version: row.number, format: found.format, quantization: found.quantization };
        await audit.record(scope, { action: "model-conversion.delete", target: model.name, details }, tx);
      });
      await dropContents(found.files);
      serving.forget(scope.projectId);
    },

    /** Throws `unprocessable` for a version whose weights cannot be had together on this machine. */
    async sourceOf(scope: Scope, place: Place): Promise<ConversionSource> {
      const { model, row } = await find(scope, place);
      return { versionId: row.id, name: model.name, number: row.number, ...(await partsOf(deps, row)) };
    },

    /** Stores a conversion and replaces one of the same kind. Throws `not_found` if the version was deleted. */
    async add(scope: Scope, place: Place, made: NewConversion): Promise<ModelConversion> {
      const { model, row } = await find(scope, place);
      const conversion: ConversionRow = {
        id: newId("mc", clock.now()),
        projectId: scope.projectId,
        versionId: row.id,
        format: made.format,
        quantization: made.quantization,
        files: [...made.files],
        checks: [...made.checks],
        sizeBytes: made.files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
        sha256: hashOfFiles(made.files),
        createdBy: scope.actor,
        createdAt: new Date(clock.now()),
      };
      const before = await db.transaction(async (tx) => {
        const { format, quantization, sizeBytes, sha256 } = conversion;
        const details = { version: row.number, format, quantization, sizeBytes, sha256 };
        await audit.record(scope, { action: "model-conversion.create", target: model.name, details }, tx);
        return createConversionStore(tx).replace(conversion);
      });
      if (before) await dropContents(before.files);
      serving.forget(scope.projectId);
      return toConversion(conversion);
    },
  };
}

const toConversion = ({ id, createdAt, projectId: _, versionId: __, ...row }: ConversionRow): ModelConversion => ({
  conversionId: id,
  ...row,
  createdAt: createdAt.toISOString(),
});

type Parts = Pick<ConversionSource, "base" | "baseHash" | "put">;
const WHOLE = new Set(["F32", "F16", "BF16"]);

async function partsOf(deps: Deps, row: VersionRow): Promise<Parts> {
  const own = row.ggufSha256;
  if (row.format === "gguf" && own !== null && WHOLE.has(row.facts.quantisation ?? ""))
    return { base: await deps.serving.place(own), baseHash: own, put: null };
  const below = await baseOf(deps, row);
  const adapter = await placeFolder(deps, row, "adapter");
  if (adapter !== null && row.format !== "gguf" && row.format !== "safetensors")
    return { ...requireBase(row, below), put: { kind: "adapter", path: adapter } };
  if (row.format === "gguf-adapter" && own !== null)
    return { ...requireBase(row, below), put: { kind: "adapter-gguf", path: await deps.serving.place(own) } };
  const model = await placeFolder(deps, row, "safetensors");
  if (model !== null && (below !== null || own === null))
    return { base: below?.base ?? null, baseHash: below?.baseHash ?? null, put: { kind: "model", path: model } };
  if (own !== null) return { base: await deps.serving.place(own), baseHash: own, put: null };
  throw new AppError("unprocessable", {
    message: `This version contains ${row.formats.join(" and ")}. Only GGUF, safetensors with their config.json, and LoRA adapters can be converted.`,
  });
}

type Below = { readonly base: string; readonly baseHash: string };

/** The GGUF that something was trained over, by its SHA-256; null where it is not on this machine or was none. */
async function baseOf({ db, models, serving }: Deps, row: VersionRow): Promise<Below | null> {
  const under = row.baseVersionId === null ? undefined : await createVersionWriter(db).findById(row.baseVersionId);
  if (under?.format === "gguf" && under.ggufSha256 !== null)
    return { base: await serving.place(under.ggufSha256), baseHash: under.ggufSha256 };
  const local = row.baseHash === null ? null : models.withFile(row.baseHash);
  const there = local === null ? null : models.whereIs(local);
  return there ? { base: there.path, baseHash: there.sha256 } : null;
}

function requireBase({ baseRef, baseHash }: VersionRow, below: Below | null): Below {
  if (below) return below;
  const message =
    baseHash === null
      ? "The base model of this adapter is unknown. Import it again with --base."
      : `This adapter needs the base ${baseRef ?? "model"}, whose GGUF file (SHA-256 ${baseHash.slice(0, 12)}…) is not on this machine. Pull or import that model.`;
  throw new AppError("unprocessable", { message });
}
