import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { lstat, mkdir, opendir, statfs } from "node:fs/promises";
import { basename, dirname, join, relative, sep } from "node:path";
import { AppError } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import { createHubSource, type ModelFolders, readHubLicense } from "../../../build/models/index.ts";
import { badPathIn, type ScannedFile } from "../scan/check-paths.ts";
import { isClutter, refusedName } from "../scan/refuse-file.ts";
import type { RegistryDeps } from "../stores/deps.ts";
import { listHub } from "./list-hub.ts";
import type { ModelSource } from "./parse-source.ts";
import type { Uploads } from "./uploads-service.ts";

const SPARE_BYTES = 256 * 1024 * 1024;
const MOST_FILES = 2_000;

export type FetchDeps = Pick<RegistryDeps, "outbound" | "hubUrl" | "hubToken" | "models" | "modelFolders"> & {
  readonly uploads: Pick<Uploads, "writeTo">;
};
export type FetchWatch = {
  /** Where arriving data is stored until it is complete. A later attempt continues it. */
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly onStep: (message: string) => void;
  readonly onBytes: (done: number, total: number) => void;
};
export type Fetched = {
  readonly files: readonly ScannedFile[];
  readonly source: string;
  /** The source's own information. Null if it has none. */
  readonly license: string | null;
};

/** Brings the files of a model onto this machine, whatever they come from. */
export async function fetchFiles(
  deps: FetchDeps,
  { scope, source }: { readonly scope: Scope; readonly source: ModelSource },
  watch: FetchWatch,
): Promise<Fetched> {
  switch (source.kind) {
    case "hub":
      return fromHub(deps, source, watch);
    case "local": {
      const there = deps.models.whereIs(source.modelId);
      if (!there)
        throw new AppError("not_found", {
          message: `"${source.modelId}" is not on this machine. Pull it first: treadle pull ${source.modelId}`,
        });
      const { size } = await lstat(there.path);
      return {
        files: [{ path: basename(there.path), sizeBytes: size, at: there.path }],
        source: `the pulled model ${source.modelId}`,
        license: there.license,
      };
    }
    case "upload":
      return {
        files: await deps.uploads.writeTo(scope, source.uploadId, watch.folder),
        source: "an upload",
        license: null,
      };
    case "path":
      return {
        files: await fromPath(deps.modelFolders, source.path),
        source: `the server file ${basename(source.path)}`,
        license: null,
      };
    default:
      return source satisfies never;
  }
}

type HubSource = Extract<ModelSource, { kind: "hub" }>;

/** Only what may be stored is downloaded; weights of a repository as pickles and their likes stay there. */
async function fromHub(deps: FetchDeps, { repo, file, revision }: HubSource, watch: FetchWatch): Promise<Fetched> {
  const { signal, folder, onStep, onBytes } = watch;
  onStep(`Listing the files of ${repo}`);
  const { outbound, hubUrl, hubToken } = deps;
  const listed = await listHub({ outbound, hubUrl, hubToken }, { repo, revision }, signal);
  const wanted = listed.filter(({ path }) => (file === null ? isModelPart(path) : path === file));
  if (wanted.length === 0) {
    const why =
      file === null ? "no GGUF, safetensors or ONNX that can be imported" : `no file ${file} at revision ${revision}`;
    throw new AppError("unprocessable", { message: `${repo} has ${why}.` });
  }
  const bad = badPathIn(wanted);
  if (bad) throw new AppError("unprocessable", { message: bad });
  const total = wanted.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  let done = 0;
  const files: ScannedFile[] = [];
  for (const entry of wanted) {
    const at = join(folder, entry.path);
    await mkdir(dirname(at), { recursive: true, mode: 0o700 });
    const before = done;
    const hub = createHubSource({ outbound, hubUrl, hubToken }, { repo, file: entry.path, revision });
    const { sha256 } = await hub.fetch({
      partPath: at,
      signal,
      onStep: () => onStep(`Downloading ${entry.path}`),
      onProgress: (received) => onBytes(before + received, total),
      checkSpace: (missing) => checkSpace(folder, missing),
    });
    await checkHash(at, { path: entry.path, wanted: entry.sha256 ?? sha256, signal });
    done += entry.sizeBytes;
    files.push({ path: entry.path, sizeBytes: (await lstat(at)).size, at });
  }
  // A repository that comes whole brings its card.
  const license = file === null ? null : await readHubLicense(deps, { repo, revision });
  return { files, source: `hf:${repo}${file === null ? "" : `/${file}`}@${revision}`, license };
}

const WEIGHTS = /[.](safetensors|gguf|onnx|onnx_data)$/i;
const BESIDE = /[.](json|txt|md|jinja|model|tiktoken)$|(^|\/)(LICENSE|NOTICE|USE_POLICY)[^/]*$/i;
const isModelPart = (path: string) =>
  !isClutter(path) && refusedName(path) === null && (WEIGHTS.test(path) || BESIDE.test(path));

async function checkSpace(folder: string, missingBytes: number) {
  const { bavail, bsize } = await statfs(folder);
  // It lies there twice for a moment: as it arrived, and as it is stored.
  if (2 * missingBytes + SPARE_BYTES <= bavail * bsize) return;
  throw new AppError("insufficient_storage", {
    message: `The files need ${mb(2 * missingBytes)} MB and ${mb(SPARE_BYTES)} MB must stay free, but the disk has only ${mb(bavail * bsize)} MB free. Free some disk space.`,
  });
}
const mb = (bytes: number) => Math.ceil(bytes / 1e6);

async function checkHash(
  at: string,
  { path, wanted, signal }: { path: string; wanted: string | null; signal: AbortSignal },
) {
  if (wanted === null) return;
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(at, { signal, highWaterMark: 1 << 20 })) hash.update(chunk);
  const digest = hash.digest("hex");
  if (digest === wanted) return;
  throw new AppError("unprocessable", {
    message: `${path} is damaged: its SHA-256 is ${digest}, but the hub lists ${wanted}. Import it again.`,
  });
}

/**
 * A file or folder below the folders that callers can read. A missing path and a forbidden path give the same error.
 */
async function fromPath(folders: ModelFolders, source: string): Promise<ScannedFile[]> {
  const path = await folders.locate(source);
  const unreadable = (cause: unknown) =>
    new AppError("unprocessable", {
      message: `There is no readable model at ${source}. Enter the absolute path of a file or folder on the server's machine.`,
      cause,
    });
  const stats = await lstat(path).catch((cause: unknown) => {
    throw unreadable(cause);
  });
  if (stats.isFile()) return [{ path: basename(path), sizeBytes: stats.size, at: path }];
  if (!stats.isDirectory()) throw unreadable(null);
  const files: ScannedFile[] = [];
  try {
    // Links are met as entries and refused by the scan; they are never followed.
    for await (const entry of await opendir(path, { recursive: true })) {
      if (entry.isDirectory()) continue;
      const at = join(entry.parentPath, entry.name);
      files.push({ path: relative(path, at).split(sep).join("/"), sizeBytes: (await lstat(at)).size, at });
      if (files.length > MOST_FILES) break;
    }
  } catch (cause) {
    throw unreadable(cause);
  }
  return files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}
