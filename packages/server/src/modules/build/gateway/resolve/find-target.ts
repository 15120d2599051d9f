import type { AppError } from "../../../../kernel/errors.ts";
import type { ResolvedConnection } from "../../connections/index.ts";
import { findProvider } from "./find-provider.ts";
import type { FindTarget, Target } from "./target.ts";

export type LocalModels = {
  isLocal(modelId: string): boolean;
  /** Why a model of this machine cannot answer now. Null for any other name. */
  absence(modelId: string): AppError | null;
  listReady(): readonly { readonly modelId: string }[];
};
/** `connection` is the slug of the connection that serves the version; null for this machine. */
type RegisteredModel = { readonly model: string; readonly name: string; readonly connection: string | null };
/** Versions of the project's registry that are served on this machine or through a connection. */
export type RegisteredModels = {
  /** Null for a name that is not in the registry. */
  resolve(projectId: string, name: string): Promise<RegisteredModel | null>;
  names(projectId: string): Promise<readonly string[]>;
};
type Sources = {
  readonly models: Pick<LocalModels, "isLocal">;
  readonly registered: Pick<RegisteredModels, "resolve">;
};
type Index = {
  readonly bySlug: ReadonlyMap<string, ResolvedConnection>;
  readonly byModel: ReadonlyMap<string, ResolvedConnection>;
};

/** Finds the targets of names in a project with these connections. Each name is looked up once for a call. */
export function createTargetFinder({ models, registered }: Sources) {
  const indexes = new WeakMap<readonly ResolvedConnection[], Index>();

  function indexOf(list: readonly ResolvedConnection[]): Index {
    const existing = indexes.get(list);
    if (existing) return existing;
    const index = toIndex(list);
    indexes.set(list, index);
    return index;
  }

  /** A name that is not an endpoint: a local id, a registered version, `slug/model`, or a name that a connection offers. */
  async function find(projectId: string, name: string, { bySlug, byModel }: Index): Promise<Target | undefined> {
    if (models.isLocal(name)) return { kind: "local", name, model: name };
    const version = name.includes("/") ? null : await registered.resolve(projectId, name);
    if (version) return toRegistered(version, bySlug);
    const slash = name.indexOf("/");
    const connection = slash > 0 ? bySlug.get(name.slice(0, slash)) : undefined;
    if (connection && slash < name.length - 1) return toTarget(connection, name.slice(slash + 1));
    const offering = byModel.get(name);
    return offering && toTarget(offering, name);
  }

  return (projectId: string, list: readonly ResolvedConnection[]): FindTarget => {
    const index = indexOf(list);
    return once((name) => find(projectId, name, index));
  };
}

function toIndex(list: readonly ResolvedConnection[]): Index {
  const usable = list.filter(({ isEnabled }) => isEnabled);
  return {
    bySlug: new Map(usable.map((connection) => [connection.slug, connection])),
    // If two connections offer the same name, the older one serves it.
    byModel: new Map(
      usable.toReversed().flatMap((connection) => connection.models.map((model) => [model, connection] as const)),
    ),
  };
}

function once(find: FindTarget): FindTarget {
  const targets = new Map<string, ReturnType<FindTarget>>();
  return (name) => {
    const existing = targets.get(name);
    if (existing) return existing;
    const target = find(name);
    targets.set(name, target);
    return target;
  };
}

const toTarget = (connection: ResolvedConnection, model: string): Target => ({
  kind: "http",
  name: `${connection.slug}/${model}`,
  model,
  connection,
  provider: findProvider(connection.provider),
});

/** A registered version by its public name. Undefined when its connection was disabled a moment ago. */
function toRegistered({ name, model, connection: slug }: RegisteredModel, bySlug: Index["bySlug"]): Target | undefined {
  if (slug === null) return { kind: "local", name, model };
  const connection = bySlug.get(slug);
  return connection && { ...toTarget(connection, model), name };
}
