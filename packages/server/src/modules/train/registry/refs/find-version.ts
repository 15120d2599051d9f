import { AppError, notFound } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { createAliasStore } from "../stores/alias-store.ts";
import { createModelStore, type ModelRow } from "../stores/model-store.ts";
import { createVersionStore, type VersionRow } from "../stores/version-store.ts";
import { numberIn, unknownVersion } from "./name-refs.ts";

/** Throws `not_found` for a model that the project does not have. */
export async function findModel(db: Postgres, { projectId }: Scope, name: string): Promise<ModelRow> {
  const model = await createModelStore(db).find(projectId, name);
  if (!model) throw notFound("registered model", name);
  return model;
}

/** A version by its number or by an alias. */
export async function findVersion(db: Postgres, model: ModelRow, which: string): Promise<VersionRow> {
  const number = numberIn(which) ?? (await aliasedNumber(db, model, which));
  const row = number === null ? undefined : await createVersionStore(db).find(model.id, number);
  if (!row) throw unknownVersion(model.name, which);
  return row;
}

/** Throws `unprocessable` for a version whose files went, as the retention of its project says. */
export function requireFiles(name: string, { number, filesRemovedAt }: Pick<VersionRow, "number" | "filesRemovedAt">) {
  if (filesRemovedAt === null) return;
  throw new AppError("unprocessable", {
    message: `${name}@v${number}: ${whenRemoved(filesRemovedAt)}`,
    details: { code: "files_removed" },
  });
}
export const whenRemoved = (at: Date) =>
  `The retention rule removed its files on ${at.toISOString().slice(0, 10)}; its record stays. Import the files again as a new version.`;

async function aliasedNumber(db: Postgres, model: ModelRow, alias: string): Promise<number | null> {
  const aliases = await createAliasStore(db).list([model.id]);
  return aliases.find((row) => row.alias === alias)?.number ?? null;
}
