import { createHash } from "node:crypto";
import { AppError } from "../../kernel/errors.ts";
import type { ResolvedConnection } from "../connections/index.ts";
import type { ResolvedEndpoint } from "../endpoints/index.ts";
import { findProvider } from "./providers/index.ts";
import type { Provider } from "./providers/provider.ts";
import { drawByWeight } from "./retry.ts";

/** Something that can answer. `name` is what the caller reads in `x-treadle-model`, `model` what the provider is asked for. */
export type Candidate =
  | {
      readonly kind: "http";
      readonly name: string;
      readonly model: string;
      readonly connection: ResolvedConnection;
      readonly provider: Provider;
    }
  | { readonly kind: "local"; readonly name: string; readonly model: string };
export type HttpCandidate = Extract<Candidate, { kind: "http" }>;

/** Who may answer a call, in the order they are tried. */
export type Plan = {
  readonly endpoint: ResolvedEndpoint | null;
  readonly candidates: readonly [Candidate, ...Candidate[]];
};

export type ResolveDeps = {
  readonly connections: { resolve(projectId: string): Promise<readonly ResolvedConnection[]> };
  readonly endpoints: { resolve(projectId: string): Promise<ReadonlyMap<string, ResolvedEndpoint>> };
  readonly models: {
    isLocal(modelId: string): boolean;
    /** Why a model of this machine cannot answer now; null for any other name. */
    absence(modelId: string): AppError | null;
    listReady(): readonly { readonly id: string }[];
  };
  /** Versions of the project's registry that answer on this machine or through a connection. */
  readonly registered: {
    /** Null for a name that is none of the registry's. `connection`: the slug of the one that reaches it; null for this machine's. */
    resolve(
      projectId: string,
      name: string,
    ): Promise<{ readonly model: string; readonly name: string; readonly connection: string | null } | null>;
    names(projectId: string): Promise<readonly string[]>;
  };
  /** From 0 to 1; draws targets and keys by weight. */
  readonly random: () => number;
};
type Known = {
  readonly bySlug: ReadonlyMap<string, ResolvedConnection>;
  readonly byModel: ReadonlyMap<string, ResolvedConnection>;
};

const LISTED = 20;

/** Turns the names that callers use for models into those who can answer. */
export function createModelResolver({ connections, endpoints, models, registered, random }: ResolveDeps) {
  const known = new WeakMap<readonly ResolvedConnection[], Known>();

  function indexOf(list: readonly ResolvedConnection[]): Known {
    const found = known.get(list);
    if (found) return found;
    const usable = list.filter(({ isEnabled }) => isEnabled);
    const index = {
      bySlug: new Map(usable.map((connection) => [connection.slug, connection])),
      // Of two connections that offer the same name, the older one has it.
      byModel: new Map(
        usable.toReversed().flatMap((connection) => connection.models.map((model) => [model, connection] as const)),
      ),
    };
    known.set(list, index);
    return index;
  }

  /** A model, without endpoints: a local id, a registered version, `slug/model`, or a plain name that a connection offers. */
  async function find(projectId: string, name: string, { bySlug, byModel }: Known): Promise<Candidate | undefined> {
    if (models.isLocal(name)) return { kind: "local", name, model: name };
    const version = name.includes("/") ? null : await registered.resolve(projectId, name);
    if (version) return toRegistered(version, bySlug);
    const slash = name.indexOf("/");
    const connection = slash > 0 ? bySlug.get(name.slice(0, slash)) : undefined;
    if (connection && slash < name.length - 1) return toCandidate(connection, name.slice(slash + 1));
    const offering = byModel.get(name);
    return offering && toCandidate(offering, name);
  }

  return {
    /** Throws `not_found` for a name that nothing here goes by, and `unavailable` or the like when nobody who is named is there yet. */
    async plan(projectId: string, model: string, fallbacks: readonly string[]): Promise<Plan> {
      const list = await connections.resolve(projectId);
      const named = await endpoints.resolve(projectId);
      const index = indexOf(list);
      const endpoint = named.get(model) ?? null;
      const drawn = endpoint ? drawByWeight(endpoint.targets, random)?.model : model;
      const configured = [drawn ?? model, ...(endpoint?.fallbacks ?? [])];
      const names = [...configured, ...fallbacks];
      const found = await Promise.all(names.map((name) => find(projectId, name, index)));
      // What there is is told only to those who ask for what there is not.
      const own = found.includes(undefined) ? await registered.names(projectId) : [];
      const existing = () => ({ list, named, local: [...models.listReady().map(({ id }) => id), ...own] });
      const missing: AppError[] = [];
      const candidates = names.flatMap((name, position) => {
        const candidate = found[position];
        if (candidate) return [candidate];
        const absence = models.absence(name);
        const isFromHeader = position >= configured.length;
        const unknown = unknownModel(name, isFromHeader ? "header" : endpoint, existing());
        // A model that is on its way, or that an endpoint names and somebody deleted, leaves its turn to the next one.
        if (absence === null && (isFromHeader || !endpoint)) throw unknown;
        missing.push(absence ?? unknown);
        return [];
      });
      const [first, ...others] = candidates;
      if (!first) throw missing[0] ?? unknownModel(model, endpoint, existing());
      return { endpoint, candidates: [first, ...others] };
    },
  };
}
export type ModelResolver = ReturnType<typeof createModelResolver>;

const toCandidate = (connection: ResolvedConnection, model: string): Candidate => ({
  kind: "http",
  name: `${connection.slug}/${model}`,
  model,
  connection,
  provider: findProvider(connection.provider),
});

type Registered = NonNullable<Awaited<ReturnType<ResolveDeps["registered"]["resolve"]>>>;

/** A version by the name that people gave it, wherever it is kept; undefined when its connection was disabled a moment ago. */
function toRegistered({ name, model, connection: slug }: Registered, bySlug: Known["bySlug"]): Candidate | undefined {
  if (slug === null) return { kind: "local", name, model };
  const connection = bySlug.get(slug);
  return connection && { ...toCandidate(connection, model), name };
}

type Existing = {
  readonly list: readonly ResolvedConnection[];
  readonly named: ReadonlyMap<string, ResolvedEndpoint>;
  readonly local: readonly string[];
};

/** `namer`: who names the model, an endpoint or the header of fallbacks; null for the request itself. */
function unknownModel(
  name: string,
  namer: ResolvedEndpoint | "header" | null,
  { list, named, local }: Existing,
): AppError {
  const slug = name.split("/", 1)[0];
  const disabled = list.find((connection) => !connection.isEnabled && connection.slug === slug);
  const offered = [
    ...named.keys(),
    ...local,
    ...list
      .filter(({ isEnabled }) => isEnabled)
      .flatMap((connection) => [`${connection.slug}/…`, ...connection.models]),
  ];
  const words =
    offered.length === 0
      ? "This project has no endpoint and no connection yet, and this machine no model."
      : `You can ask for ${offered.slice(0, LISTED).join(", ")}${offered.length > LISTED ? " and more" : ""}.`;
  const by = namer === "header" ? "The header x-treadle-fallback" : namer && `The endpoint "${namer.name}"`;
  const where = by ? `${by} names the model "${name}", which` : `The model "${name}"`;
  const problem = disabled
    ? `belongs to the connection "${disabled.slug}", which is disabled.`
    : `does not exist in this project. ${words} GET /v1/models lists everything.`;
  return new AppError("not_found", {
    message: `${where} ${problem}`,
    details: { param: namer === "header" ? "x-treadle-fallback" : "model", code: "model_not_found" },
  });
}

/** SHA-256 of what shaped an answer: the endpoint's and the connection's settings, and the model asked for. */
export function createConfigHash() {
  const hashes = new Map<string, string>();
  return (plan: Plan, candidate: Candidate): string => {
    const connection = candidate.kind === "http" ? candidate.connection.configHash : "local";
    const key = `${plan.endpoint?.configHash ?? ""} ${connection} ${candidate.model}`;
    const known = hashes.get(key);
    if (known) return known;
    if (hashes.size >= 10_000) hashes.clear();
    const hash = createHash("sha256").update(key).digest("hex");
    hashes.set(key, hash);
    return hash;
  };
}
