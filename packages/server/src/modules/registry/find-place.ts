import { notFound } from "../../kernel/errors.ts";
import type { Scope } from "../../kernel/scope.ts";
import type { Postgres } from "../../platform/postgres/port.ts";
import { createAliasStore } from "./alias-store.ts";
import { createModelStore, type ModelRow } from "./model-store.ts";
import { numberIn, unknownVersion } from "./name-refs.ts";
import { createVersionStore, type VersionRow } from "./version-store.ts";

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

async function aliasedNumber(db: Postgres, model: ModelRow, alias: string): Promise<number | null> {
  const aliases = await createAliasStore(db).list([model.id]);
  return aliases.find((row) => row.alias === alias)?.number ?? null;
}
