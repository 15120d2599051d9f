import type { MlflowModel, MlflowVersion, ModelVersion, RegistryModel } from "@treadle/contract";
import { AppError } from "../../kernel/errors.ts";
import type { Scope } from "../../kernel/scope.ts";
import type { RegistryDeps } from "./deps.ts";
import type { createModelsService } from "./models-service.ts";
import { createVersionStore } from "./version-store.ts";
import type { Versions } from "./versions-service.ts";

type Deps = Pick<RegistryDeps, "db"> & {
  readonly models: Pick<ReturnType<typeof createModelsService>, "list" | "get">;
  readonly versions: Versions;
};
type Search = { readonly filter: string; readonly max_results: number; readonly page_token?: string | undefined };

const MOST = 200;
const STAGES: Readonly<Record<ModelVersion["stage"], string>> = {
  none: "None",
  staging: "Staging",
  production: "Production",
  archived: "Archived",
};

/** The registry as MLflow's client reads it. */
export function createMlflow({ db, models, versions }: Deps) {
  const newest = async (scope: Scope, name: string) => (await versions.list(scope, name, { limit: MOST })).items;

  /** The newest of each stage, as MLflow understands "latest". */
  async function latest(scope: Scope, name: string, stages: readonly string[] = []): Promise<MlflowVersion[]> {
    const wanted = new Set(stages.map((stage) => stage.toLowerCase()));
    const seen = new Set<string>();
    const all = (await newest(scope, name)).filter(({ stage }) => {
      const isFirst = !seen.has(stage);
      seen.add(stage);
      return isFirst && (wanted.size === 0 || wanted.has(stage));
    });
    return all.map(toVersion);
  }
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
    async searchModels(scope: Scope, { filter, max_results, page_token }: Search) {
      const wish = readFilter(filter, "name");
      const limit = Math.min(max_results, MOST);
      const page = await models.list(scope, { search: wish?.text ?? "", limit, cursor: page_token });
      const found = page.items.filter(({ name }) => wish === null || wish.isMatch(name));
      const registered_models = await Promise.all(found.map((model) => toWhole(scope, model)));
      return { registered_models, ...(page.nextCursor === null ? {} : { next_page_token: page.nextCursor }) };
    },
    getModel: async (scope: Scope, name: string) => ({
      registered_model: await toWhole(scope, await models.get(scope, name)),
    }),
    getVersion: async (scope: Scope, place: { name: string; version: string }) => ({
      model_version: toVersion(await versions.get(scope, place)),
    }),
    async searchVersions(scope: Scope, { filter, max_results, page_token }: Search) {
      const byRun = /^\s*run_id\s*=\s*'([^']*)'\s*$/i.exec(filter)?.[1];
      if (byRun !== undefined) {
        const found = await createVersionStore(db).findByRun(scope.projectId, byRun);
        const place = found && { name: found.name, version: String(found.version) };
        return { model_versions: place ? [toVersion(await versions.get(scope, place))] : [] };
      }
      const wish = readFilter(filter, "name");
      if (wish?.exact !== undefined) {
        const page = await versions
          .list(scope, wish.exact, { limit: Math.min(max_results, MOST), cursor: page_token })
          .catch(nothing);
        const next = page.nextCursor === null ? {} : { next_page_token: page.nextCursor };
        return { model_versions: page.items.map(toVersion), ...next };
      }
      const page = await models.list(scope, { search: wish?.text ?? "", limit: MOST, cursor: page_token });
      const named = page.items.filter(({ name }) => wish === null || wish.isMatch(name));
      const all = await Promise.all(named.map(({ name }) => newest(scope, name)));
      const next = page.nextCursor === null ? {} : { next_page_token: page.nextCursor };
      return { model_versions: all.flat().map(toVersion), ...next };
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
          message: `There are no artifacts at "${path.slice(0, 200)}"; the path of a version is registry/NAME/NUMBER.`,
        });
      const { files } = await versions.whole(scope, { name, version });
      return { files: inFolder(files, inside.replace(/\/+$/, "")) };
    },
  };
}

function nothing(error: unknown): { items: ModelVersion[]; nextCursor: null } {
  if (error instanceof AppError && error.code === "not_found") return { items: [], nextCursor: null };
  throw error;
}

const toTags = (tags: Readonly<Record<string, string>>) => Object.entries(tags).map(([key, value]) => ({ key, value }));

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
  tags: toTags({ ...version.tags, "treadle.format": version.format, "treadle.sha256": version.sha256 }),
  aliases: version.aliases,
});

/** `name = '…'` or `name LIKE '…'`, as MLflow's search language has it; the rest of that language is refused in words. */
function readFilter(filter: string, key: string) {
  if (filter.trim() === "") return null;
  const [, operator, value] = new RegExp(`^\\s*${key}\\s*(=|i?like)\\s*'([^']*)'\\s*$`, "i").exec(filter) ?? [];
  if (operator === undefined || value === undefined)
    throw new AppError("invalid_request", {
      message: `The filter "${filter.slice(0, 200)}" is not understood. Write name = '…', name LIKE '%…%' or run_id = '…'.`,
      details: { param: "filter" },
    });
  if (operator === "=") return { text: value, exact: value, isMatch: (name: string) => name === value };
  const parts = value
    .toLowerCase()
    .split("%")
    .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  const pattern = new RegExp(`^${parts.join(".*")}$`, "s");
  const text = value.split("%").toSorted((a, b) => b.length - a.length)[0] ?? "";
  return { text, exact: undefined, isMatch: (name: string) => pattern.test(name.toLowerCase()) };
}

type Listed = { path: string; is_dir: boolean; file_size?: number };

/** What lies directly in a folder, by its last name: MLflow's client joins it to the path that it asked for. */
function inFolder(files: readonly { path: string; sizeBytes: number }[], folder: string): Listed[] {
  const prefix = folder === "" ? "" : `${folder}/`;
  const found = new Map<string, Listed>();
  for (const { path, sizeBytes } of files) {
    if (!path.startsWith(prefix)) continue;
    const [first = "", ...rest] = path.slice(prefix.length).split("/");
    found.set(
      first,
      rest.length > 0 ? { path: first, is_dir: true } : { path: first, is_dir: false, file_size: sizeBytes },
    );
  }
  return [...found.values()];
}
