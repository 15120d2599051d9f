import { createReadStream } from "node:fs";
import { mkdir, opendir, rm } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import type { ConversionCheck, ModelConversion, ModelConversionInput, ModelFile } from "@treadle/contract";
import { z } from "zod";
import { AppError } from "../../../kernel/errors.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { JobRun } from "../../../platform/jobs/port.ts";
import type { ConversionSource } from "../registry/index.ts";
import { readProgress } from "../training/index.ts";
import { checkGguf } from "./check-gguf.ts";
import type { ConversionDeps } from "./deps.ts";

/** A large model takes its time; a process that hangs does not take for ever. */
const STEP_MS = 12 * 60 * 60_000;
const WHOLE_TYPES = new Set(["F32", "F16", "BF16"]);

const Written = z.object({
  sha256: z.string(),
  tensors: z.number(),
  types: z.record(z.string(), z.number()),
  relative_error: z.number(),
});
/** `what_to_do` is null if no package is missing. */
const Doctor = z.object({ what_to_do: z.string().nullable() });
const Traced = z.object({
  most_off: z.number(),
  most_off_stepped: z.number(),
  q8: z.object({ agreement: z.number(), divergence: z.number() }),
});

type Run = Pick<JobRun<unknown, unknown>, "jobId" | "signal" | "report"> & { readonly wish: ModelConversionInput };
type Ground = { readonly deps: ConversionDeps; readonly run: Run; readonly folder: string };
type Made = { readonly files: readonly ModelFile[]; readonly checks: readonly ConversionCheck[] };

/** Makes one format of one version, checks it, and gives it to the registry. What was half made goes. */
export const createConverting =
  (deps: ConversionDeps) =>
  async (scope: Scope, place: { name: string; version: string }, run: Run): Promise<ModelConversion> => {
    const folder = join(deps.folder, run.jobId);
    // Files of an earlier attempt.
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true, mode: 0o700 });
    try {
      const source = await deps.registry.sourceOf(scope, place);
      const { format, quantization } = run.wish;
      const made = await make({ deps, run, folder }, source);
      return await deps.registry.add(scope, place, { format, quantization, ...made });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  };

async function make(ground: Ground, source: ConversionSource): Promise<Made> {
  switch (ground.run.wish.format) {
    case "gguf":
      return makeGguf(ground, source);
    case "safetensors":
      return makeSafetensors(ground, source);
    case "onnx":
      return makeOnnx(ground, source);
    default:
      return ground.run.wish.format satisfies never;
  }
}

async function makeGguf(ground: Ground, source: ConversionSource): Promise<Made> {
  const { deps, run, folder } = ground;
  const type = run.wish.quantization;
  const name = `${source.name}-v${source.number}-${type}.gguf`;
  const reference = WHOLE_TYPES.has(type) ? null : join(folder, "reference.gguf");
  const written = await writeGguf(ground, source, { type, out: join(folder, name), reference });
  run.report({ message: "Checking the file in llama.cpp" });
  const checks = await checkGguf(deps.inference, { path: join(folder, name), reference, signal: run.signal });
  const files = [await store(deps, { folder, path: name, signal: run.signal })];
  if (files[0]?.sha256 !== written.sha256)
    throw new AppError("model_failed", { message: "The file on the disk changed after it was written. Try again." });
  const types = Object.entries(written.types).map(([one, count]) => `${count} ${one}`);
  return {
    files,
    checks: [
      {
        name: "weights",
        passed: true,
        value: written.relative_error,
        reference: null,
        message: `${written.tensors} tensors were read back as written (${types.join(", ")}). Rounding changed them by ${(written.relative_error * 100).toPrecision(3)} % of their size.`,
      },
      ...checks,
    ],
  };
}

type Order = { readonly type: string; readonly out: string; readonly reference: string | null };

async function writeGguf(ground: Ground, source: ConversionSource, { type, out, reference }: Order) {
  const { base, baseHash, put, name, number } = source;
  if (base === null)
    throw new AppError("unprocessable", {
      message: `${name}@v${number} has no GGUF that provides its vocabulary. Import it with --base and the GGUF it was trained from. Or convert it elsewhere (convert_hf_to_gguf.py of llama.cpp) and import the GGUF.`,
    });
  const words = [
    ...["convert-gguf", "--base-gguf", base, "--type", type, "--out", out, "--name", `${name}-v${number}`],
    ...(baseHash === null ? [] : ["--base-hash", baseHash]),
    ...(put === null ? [] : [`--${put.kind}`, put.path]),
    ...(reference === null ? [] : ["--reference", reference]),
  ];
  ground.run.report({ message: `Writing ${type}`, unit: "weights" });
  return read(Written, await ask(ground, words));
}

/** A Hugging Face folder of the whole model: its own, or read out of a GGUF in 32-bit floats. */
async function folderOf(ground: Ground, source: ConversionSource): Promise<string> {
  if (source.put?.kind === "model") return source.put.path;
  const whole = join(ground.folder, "whole.gguf");
  await writeGguf(ground, source, { type: "F32", out: whole, reference: null });
  ground.run.report({ message: "Converting the weights to safetensors" });
  const out = join(ground.folder, "model");
  await ask(ground, ["import-base", "--gguf", whole, "--out", out]);
  await rm(whole);
  return out;
}

async function makeSafetensors(ground: Ground, source: ConversionSource): Promise<Made> {
  const folder = await folderOf(ground, source);
  const message = "The folder gives the same logits as the original weights.";
  return {
    files: await storeAll(ground, folder),
    checks: [{ name: "logits", passed: true, value: null, reference: null, message }],
  };
}

/** Throws `unprocessable` if packages of the ONNX environment are missing, before any weights are converted. */
async function requireOnnx(ground: Ground): Promise<void> {
  const { what_to_do } = read(Doctor, await ask(ground, ["doctor", "--onnx"], "onnx"));
  if (what_to_do !== null)
    throw new AppError("unprocessable", { message: `ONNX export has missing packages. ${what_to_do}` });
}

async function makeOnnx(ground: Ground, source: ConversionSource): Promise<Made> {
  await requireOnnx(ground);
  const model = await folderOf(ground, source);
  const reference = join(ground.folder, "logits.npy");
  const out = join(ground.folder, "onnx");
  ground.run.report({ message: "Running the model to compare outputs" });
  await ask(ground, ["probe-logits", "--model", model, "--out", reference]);
  const words = ["export-onnx", "--model", model, "--out", out, "--reference", reference];
  const { most_off, most_off_stepped, q8 } = read(Traced, await ask(ground, words, "onnx"));
  const most = Math.max(most_off, most_off_stepped);
  return {
    files: await storeAll(ground, out),
    checks: [
      {
        name: "logits",
        passed: true,
        value: most,
        reference: null,
        message: `onnx/model.onnx gives the model's logits, both in one pass and token by token. The largest difference is ${most.toExponential(1)}.`,
      },
      {
        name: "q8",
        passed: null,
        value: q8.agreement,
        reference: null,
        message: `onnx/model_quantized.onnx has the same most likely token at ${(q8.agreement * 100).toFixed(0)} % of the test positions. The mean divergence is ${q8.divergence.toPrecision(2)} nats per token.`,
      },
    ],
  };
}

/** Runs a command of the trainer and shows its progress. */
function ask({ deps, run }: Ground, words: readonly string[], environment: "training" | "onnx" = "training") {
  return deps.trainer.ask({
    environment,
    words,
    signal: run.signal,
    timeoutMs: STEP_MS,
    onLine(line) {
      const progress = readProgress(line);
      if (progress) run.report({ ...progress, message: `${run.wish.format}: ${progress.message}` });
    },
  });
}

function read<Answer>(shape: z.ZodType<Answer>, answer: unknown): Answer {
  const { success, data, error } = shape.safeParse(answer);
  if (success) return data;
  const message = "The trainer returned an unexpected result. It may be another version. Install it again.";
  throw new AppError("model_failed", { message, cause: error });
}

type Kept = { readonly folder: string; readonly path: string; readonly signal: AbortSignal };

async function store({ objects }: Pick<ConversionDeps, "objects">, { folder, path, signal }: Kept): Promise<ModelFile> {
  const content = createReadStream(join(folder, path), { highWaterMark: 1 << 20, signal });
  return { path, ...(await objects.put(content)) };
}

async function storeAll({ deps, run }: Ground, folder: string): Promise<ModelFile[]> {
  run.report({ message: "Storing the files" });
  const files: ModelFile[] = [];
  for await (const entry of await opendir(folder, { recursive: true })) {
    if (!entry.isFile()) continue;
    const path = relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/");
    files.push(await store(deps, { folder, path, signal: run.signal }));
  }
  return files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}
