import type { ModelUses } from "@treadle/contract";
import type { Scope } from "../../../../kernel/scope.ts";
import { numberIn, parseRef } from "../refs/name-refs.ts";
import { createAliasStore } from "../stores/alias-store.ts";
import type { NamedEndpoint, RegistryDeps } from "../stores/deps.ts";
import type { ModelRow } from "../stores/model-store.ts";
import { createServedStore, createVersionWriter } from "../stores/version-store.ts";
import { pickVersion, type Serving } from "./serve-versions.ts";

type Deps = Pick<RegistryDeps, "db" | "listEndpoints"> & { readonly serving: Pick<Serving, "whyNotOf"> };

/** The gateway names of a model, and the dependents in other models. */
export async function listUses(
  { db, listEndpoints, serving }: Deps,
  scope: Scope,
  model: ModelRow,
): Promise<ModelUses> {
  const rows = (await createServedStore(db).listServed(scope.projectId)).filter(({ name }) => name === model.name);
  const aliases = await createAliasStore(db).list([model.id]);
  const byAlias = new Map(aliases.map(({ alias, versionId }) => [alias, versionId]));
  const whyNot = await serving.whyNotOf(scope.projectId);
  const asked = askedNames(await listEndpoints(scope), model.name);
  const numbers = [...asked.keys()].filter((which) => numberIn(which) !== null);
  const names = ["", ...aliases.map(({ alias }) => alias), ...numbers].map((which) => {
    const row = pickVersion(rows, byAlias, which === "" ? null : which);
    return {
      name: which === "" ? model.name : `${model.name}@${which}`,
      version: row?.number ?? null,
      whyNot: row ? whyNot(row) : null,
      endpoints: asked.get(which) ?? [],
    };
  });
  return { names, above: await createVersionWriter(db).listAboveModel(model.id) };
}

/** Endpoints by what they ask of the model: nothing, an alias, or a number as `v3`. */
function askedNames(endpoints: readonly NamedEndpoint[], modelName: string) {
  const asked = new Map<string, { endpointId: string; name: string }[]>();
  for (const { id, name, models } of endpoints) {
    const whole = models.map(parseRef).filter((ref) => ref.name === modelName);
    for (const which of new Set(whole.map((ref) => toWord(ref.which))))
      asked.set(which, [...(asked.get(which) ?? []), { endpointId: id, name }]);
  }
  return asked;
}

function toWord(which: string | null): string {
  if (which === null) return "";
  const number = numberIn(which);
  return number === null ? which : `v${number}`;
}
