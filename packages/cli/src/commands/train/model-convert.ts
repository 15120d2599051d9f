import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { type Answer, ApiError, type Client } from "@treadle/sdk";
import { followJob } from "../../shared/follow-job.ts";
import { UsageError } from "../../shared/usage-error.ts";

type Conversion = Answer<"GET /api/v1/registry/models/:name/versions/:version/conversions">["items"][number];
type Place = { readonly name: string; readonly version: string };
export type ConvertFlags = {
  readonly json?: boolean;
  readonly format: string;
  readonly quantization?: string;
  readonly out?: string;
  readonly again?: boolean;
  readonly download: boolean;
};

const FORMATS = ["gguf", "safetensors", "onnx"] as const;

/** Converts a version on the server, or uses an existing conversion, and downloads it. */
export async function convertModel(client: Client, place: Place, flags: ConvertFlags): Promise<void> {
  const format = FORMATS.find((one) => one === flags.format.toLowerCase());
  if (!format) throw new UsageError(`"${flags.format}" is not a format. Use gguf, safetensors or onnx.`);
  const quantization = format === "gguf" ? (flags.quantization ?? "F16").toUpperCase() : "";
  if (format !== "gguf" && flags.quantization !== undefined)
    throw new UsageError(
      `Only GGUF has a quantization. Remove --quantization for ${format}. ONNX is always written in full and in 8-bit precision.`,
    );
  const there = flags.again ? undefined : await findMade(client, place, { format, quantization });
  const made = there ?? (await make(client, place, { format, quantization, isQuiet: flags.json ?? false }));
  const files = flags.download ? await download(client, place, { made, out: flags.out }) : [];
  if (flags.json) return console.log(JSON.stringify({ ...made, downloaded: files }));
  for (const { passed, message } of made.checks) console.log(`${passed === null ? "  " : "ok"}  ${message}`);
  for (const { path, sizeBytes, sha256 } of made.files)
    console.log(`    ${sha256.slice(0, 12)}  ${(sizeBytes / 1e6).toFixed(1)} MB  ${path}`);
  console.log(files.length > 0 ? `Written: ${files.join(", ")}` : "It is stored with the version on the server.");
}

type Wish = { readonly format: Conversion["format"]; readonly quantization: string };

async function findMade(client: Client, params: Place, wish: Wish): Promise<Conversion | undefined> {
  const { items } = await client.call("GET /api/v1/registry/models/:name/versions/:version/conversions", { params });
  return items.find(({ format, quantization }) => format === wish.format && quantization === wish.quantization);
}

async function make(client: Client, params: Place, { isQuiet, ...wish }: Wish & { isQuiet: boolean }) {
  const body = wish.format === "gguf" ? wish : { format: wish.format };
  const { jobId } = await client.call("POST /api/v1/registry/models/:name/versions/:version/conversions", {
    params,
    body,
  });
  await followJob(client, jobId, { isQuiet });
  const made = await findMade(client, params, wish);
  if (!made) throw new Error("The conversion is done, but its version was deleted.");
  return made;
}

/** One file goes to a file, several to a folder. Each is compared with its SHA-256 before it gets its final name. */
async function download(client: Client, place: Place, { made, out }: { made: Conversion; out: string | undefined }) {
  const [only] = made.files.length === 1 ? made.files : [];
  const folder = out ?? `${place.name}-v${place.version.replace(/^v/, "")}-${made.format}`;
  const written: string[] = [];
  for (const { path, sha256 } of made.files) {
    const target = only ? (out ?? path) : join(folder, path);
    await mkdir(dirname(target), { recursive: true });
    const part = `${target}.part`;
    const { body } = await client.send(
      "GET /api/v1/registry/models/:name/versions/:version/conversions/:conversionId/content",
      { params: { ...place, conversionId: made.conversionId }, query: { path } },
    );
    await pipeline(Readable.from(body ?? []), createWriteStream(part));
    const hash = createHash("sha256");
    for await (const chunk of createReadStream(part)) hash.update(chunk);
    if (hash.digest("hex") !== sha256) {
      await rm(part, { force: true });
      throw new ApiError({ status: 0, code: "damaged", message: `${path} arrived damaged. Run the command again.` });
    }
    await rename(part, target);
    written.push(target);
  }
  return written;
}
