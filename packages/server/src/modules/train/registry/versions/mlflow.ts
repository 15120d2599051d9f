import type { MlflowModel, MlflowVersion, ModelVersion, RegistryModel } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { createModelsService } from "../models/models-service.ts";
import type { RegistryDeps } from "../stores/deps.ts";
import { createVersionStore } from "../stores/version-store.ts";
import { byOrder, type Clause, cutPage, holds, readFilter, readOrder, type Searched } from "./mlflow-search.ts";
import type { Versions } from "./versions-service.ts";

type Deps = Pick<RegistryDeps, "db"> & {
  readonly models: Pick<ReturnType<typeof createModelsService>, "list" | "get">;
  readonly versions: Versions;
};
type Search = {
  readonly filter: string;
  readonly max_results: number;
  readonly page_token?: string | undefined;
  readonly order_by?: string | readonly string[] | undefined;
};

const MOST = 200;
const TIMES = ["creation_timestamp", "last_updated_timestamp"];
const MODEL_KEYS = ["name", ...TIMES];
const VERSION_KEYS = ["name", "version_number", "run_id", "source_path", ...TIMES];
const STAGES: Readonly<Record<ModelVersion["stage"], string>> = {
  none: "None",
  staging: "Staging",
  production: "Production",
  archived: "Archived",
};

/** The registry as MLflow's client reads it. */
export function createMlflow(deps: Deps) {
  const { models, versions } = deps;
  const { everyModel, candidates, latest } = createFinding(deps);
  const toWhole = async (scope: Scope, model: RegistryModel): Promise<MlflowModel> => ({
    name: model.name,
    creation_timestamp: Date.parse(model.createdAt),
    last_updated_timestamp: Date.parse(model.updatedAt),
    description: model.description,
    latest_versions: await latest(scope, model.name),
    tags: toTags(model.tags),
    aliases: model.aliases.map(({ alias, version }) => ({ alias, version: String(version) })),
  });

  return {
    latest,
    async searchModels(scope: Scope, { filter, max_results: limit, page_token: token, order_by }: Search) {
      const clauses = readFilter(filter, MODEL_KEYS);
      const order = byOrder([...readOrder(order_by, MODEL_KEYS), { key: "name", isDown: false }]);
      const models = (await everyModel(scope, clauses))
        .map((model) => ({ model, seen: seenOfModel(model) }))
        .filter(({ seen }) => holds(seen, clauses))
        .toSorted((a, b) => order(a.seen, b.seen));
      const { items, next } = cutPage(models, { limit, token });
      return { registered_models: await Promise.all(items.map(({ model }) => toWhole(scope, model))), ...next };
    },
    getModel: async (scope: Scope, name: string) => ({
      registered_model: await toWhole(scope, await models.get(scope, name)),
    }),
    getVersion: async (scope: Scope, place: { name: string; version: string }) => ({
      model_version: toVersion(await versions.get(scope, place)),
    }),
    async searchVersions(scope: Scope, { filter, max_results: limit, page_token: token, order_by }: Search) {
      const clauses = readFilter(filter, VERSION_KEYS);
      const order = byOrder([...readOrder(order_by, VERSION_KEYS), ...NEWEST_FIRST]);
      const versions = (await candidates(scope, clauses))
        .map((version) => ({ version: toVersion(version), seen: seenOfVersion(toVersion(version)) }))
        .filter(({ seen }) => holds(seen, clauses))
        .toSorted((a, b) => order(a.seen, b.seen));
      const { items, next } = cutPage(versions, { limit, token });
      return { model_versions: items.map(({ version }) => version), ...next };
    },
    /** MLflow's client takes such an address to its tracking server, which is this one. */
    async downloadUri(scope: Scope, place: { name: string; version: string }) {
      const { name, version } = await versions.get(scope, place);
      return { artifact_uri: `mlflow-artifacts:/registry/${name}/${version}` };
    },
    async listArtifacts(scope: Scope, path: string) {
      const [, name, version, inside = ""] = /^\/?registry\/([^/]+)\/(\d+)(?:\/(.*))?$/.exec(path) ?? [];
      if (name === undefined || version === undefined)
        throw new AppError("not_found", {
          message: `There are no artifacts at "${path.slice(0, 200)}". The path of a version is registry/NAME/NUMBER.`,
        });
      const { files } = await versions.whole(scope, { name, version });
      return { files: inFolder(files, inside.replace(/\/+$/, "")) };
    },
  };
}

/** Models and versions, all that a search must look at. */
function createFinding({ db, models, versions }: Deps) {
  const everyVersion = (scope: Scope, name: string): Promise<ModelVersion[]> =>
    allOf((cursor) => versions.list(scope, name, { limit: MOST, cursor }));
  /** The part of a filter about names is evaluated in the models' table. */
  const everyModel = (scope: Scope, clauses: readonly Clause[]): Promise<RegistryModel[]> =>
    allOf((cursor) => models.list(scope, { search: partOfName(clauses), limit: MOST, cursor }));

  return {
    everyModel,
    /** As few versions as the filter allows before they are checked. */
    async candidates(scope: Scope, clauses: readonly Clause[]): Promise<ModelVersion[]> {
      const runId = demandedOf(clauses, "run_id");
      if (runId !== undefined) {
        const version = await createVersionStore(db).findByRun(scope.projectId, runId);
        return version ? [await versions.get(scope, { name: version.name, version: String(version.version) })] : [];
      }
      const name = demandedOf(clauses, "name");
      if (name !== undefined) return everyVersion(scope, name).catch(nothing);
      const named = (await everyModel(scope, clauses)).map((model) => everyVersion(scope, model.name));
      return (await Promise.all(named)).flat();
    },
    /** The newest of each stage, as MLflow understands "latest". */
    async latest(scope: Scope, name: string, stages: readonly string[] = []): Promise<MlflowVersion[]> {
      const wanted = new Set(stages.map((stage) => stage.toLowerCase()));
      const seenStages = new Set<string>();
      const all = (await everyVersion(scope, name)).filter(({ stage }) => {
        const isFirst = !seenStages.has(stage);
        seenStages.add(stage);
        return isFirst && (wanted.size === 0 || wanted.has(stage));
      });
      return all.map(toVersion);
    },
  };
}

/** MLflow's default order. */
const NEWEST_FIRST = [
  { key: "last_updated_timestamp", isDown: true },
  { key: "name", isDown: false },
  { key: "version_number", isDown: true },
];

type Page<Item> = { readonly items: readonly Item[]; readonly nextCursor: string | null };

async function allOf<Item>(read: (cursor: string | undefined) => Promise<Page<Item>>): Promise<Item[]> {
  const all: Item[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await read(cursor);
    all.push(...page.items);
    if (page.nextCursor === null) return all;
    cursor = page.nextCursor;
  }
}

/** The required value of a field. Undefined if the clauses allow several. */
function demandedOf(clauses: readonly Clause[], key: string): string | undefined {
  const clause = clauses.find((one) => one.tag === null && one.key === key && one.operator === "=");
  return typeof clause?.value === "string" ? clause.value : undefined;
}

/** The longest text that every name has which the clauses hold for. */
function partOfName(clauses: readonly Clause[]): string {
  const named = clauses.filter(({ tag, key }) => tag === null && key === "name");
  const parts = named.flatMap(({ operator, value }) => {
    if (typeof value !== "string") return [];
    if (operator === "=") return [value];
    return operator.endsWith("like") ? value.split(/[%_]/) : [];
  });
  return parts.toSorted((a, b) => b.length - a.length)[0] ?? "";
}

const seenOfModel = ({ name, createdAt, updatedAt, tags }: RegistryModel): Searched => ({
  fields: { name, creation_timestamp: Date.parse(createdAt), last_updated_timestamp: Date.parse(updatedAt) },
  tags,
});

const seenOfVersion = (version: MlflowVersion): Searched => ({
  fields: {
    name: version.name,
    version_number: Number(version.version),
    run_id: version.run_id,
    source_path: version.source,
    creation_timestamp: version.creation_timestamp,
    last_updated_timestamp: version.last_updated_timestamp,
  },
  tags: Object.fromEntries(version.tags.map(({ key, value }) => [key, value])),
});

function nothing(error: unknown): ModelVersion[] {
  if (error instanceof AppError && error.code === "not_found") return [];
  throw error;
}

const toTags = (tags: Readonly<Record<string, string>>) => Object.entries(tags).map(([key, value]) => ({ key, value }));

/** MLflow has no word for a version whose files went. */
const gone = ({ filesRemovedAt }: ModelVersion): Readonly<Record<string, string>> =>
  filesRemovedAt === null ? {} : { "treadle.files": "removed" };

const toVersion = (version: ModelVersion): MlflowVersion => ({
  name: version.name,
  version: String(version.version),
  creation_timestamp: Date.parse(version.createdAt),
  last_updated_timestamp: Date.parse(version.createdAt),
  current_stage: STAGES[version.stage],
  description: version.notes,
  source: `mlflow-artifacts:/registry/${version.name}/${version.version}`,
  run_id: version.runId ?? "",
  status: "READY",
  tags: toTags({
    ...version.tags,
    "treadle.format": version.format,
    "treadle.sha256": version.sha256,
    ...gone(version),
  }),
  aliases: version.aliases,
});

type Listed = { path: string; is_dir: boolean; file_size?: number };

/** The direct content of a folder, by its last name: MLflow's client joins it to the requested path. */
function inFolder(files: readonly { path: string; sizeBytes: number }[], folder: string): Listed[] {
  const prefix = folder === "" ? "" : `${folder}/`;
  const models = new Map<string, Listed>();
  for (const { path, sizeBytes } of files) {
    if (!path.startsWith(prefix)) continue;
    const [first = "", ...rest] = path.slice(prefix.length).split("/");
    models.set(
      first,
      rest.length > 0 ? { path: first, is_dir: true } : { path: first, is_dir: false, file_size: sizeBytes },
    );
  }
  return [...models.values()];
}
