import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, open, opendir, stat } from "node:fs/promises";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { type Answer, ApiError, type Client } from "@treadle/sdk";
import type { Command } from "commander";
import { connect, type ServerFlags, withServerFlags } from "../../shared/connect.ts";
import { followJob } from "../../shared/follow-job.ts";
import { reportFailure } from "../../shared/report-failure.ts";
import { UsageError } from "../../shared/usage-error.ts";
import { wrapWords } from "../../shared/wrap-words.ts";
import { textTable } from "../../suites/text-table.ts";
import { type ConvertFlags, convertModel } from "./model-convert.ts";
import { addRetention } from "./model-retention.ts";

type Version = Answer<"GET /api/v1/registry/models/:name/versions/:version">;
type Model = Answer<"GET /api/v1/registry/models/:name">;
type ImportFlags = ServerFlags & {
  readonly base?: string;
  readonly alias?: string;
  readonly license?: string;
  readonly leaveOut?: boolean;
};
type OutFlags = ServerFlags & { readonly out?: string; readonly kind?: string };
type ExportFlags = OutFlags & Partial<ConvertFlags>;
type PromoteFlags = ServerFlags & {
  readonly alias: string;
  readonly reason: string;
  readonly rollback?: boolean;
  readonly force?: boolean;
};

const PART_BYTES = 8 * 1024 * 1024;
const KINDS = ["files", "container", "oci"] as const;

/** Adds the commands of the model registry. */
export function addModel(program: Command) {
  const model = program.command("model");
  const act =
    <Args extends unknown[], Flags extends ServerFlags>(run: (flags: Flags, ...args: Args) => Promise<void>) =>
    (...given: [...Args, Flags, Command]) => {
      const flags = given.at(-2) as Flags;
      return run(flags, ...(given.slice(0, -2) as Args)).catch((error: unknown) => reportFailure(error, flags));
    };
  const add = (usage: string, description: string) => withServerFlags(model.command(usage).description(description));
  add("ls [search]", "list registered models with their aliases").action(act(list));
  add("show <model>", "show a version and its files: name, name@v3 or name@alias").action(act(show));
  add("import <name> <source>", "import a GGUF file, a folder, hf:owner/repo, or local: and a pulled model")
    .option("--base <model>", "the base of an adapter: name@v1 or local:smollm2-135m-instruct")
    .option("--alias <alias>", "an alias to move to the new version")
    .option("--license <license>", "the license, such as apache-2.0")
    .option("--leave-out", "leave out files that are rejected, such as pickles")
    .action(act(bring));
  add("scan <source>", "inspect the files of a model without importing them").action(act(scan));
  add("pull <model>", "download the files of a version").option("--out <folder>", "where to").action(act(pull));
  add("export <model>", "write a version as a tar archive, or in another format")
    .option("--kind <kind>", "the archive: files, container or oci", "files")
    .option("--format <format>", "instead of an archive: gguf, safetensors or onnx, made on the server")
    .option("--quantization <type>", "for GGUF: F32, F16, BF16, Q8_0, Q5_1, Q5_0, Q4_1 or Q4_0")
    .option("--again", "repeat the conversion if the server has one already")
    .option("--no-download", "do not download the result")
    .option("--out <file>", "the archive, file or folder to write")
    .action(act(exportModel));
  add("promote <model>", "move an alias to a version: name@v3")
    .option("--alias <alias>", "the alias to move", "production")
    .option("--reason <words>", "why", "")
    .option("--force", "move immediately, although the project requires a rollout; needs a reason")
    .option("--rollback", "move the alias back to its previous version; only the name is needed")
    .action(act(promote));
  addRetention(model);
}

/** `name@which`; a name alone is its alias `production`, or else its newest version. */
async function placeOf(client: Client, text: string): Promise<{ name: string; version: string }> {
  const [name = "", which] = text.split("@");
  if (which !== undefined) return { name, version: which };
  const { aliases, latest } = await client.call("GET /api/v1/registry/models/:name", { params: { name } });
  const production = aliases.find(({ alias }) => alias === "production");
  const version = production?.version ?? latest?.version;
  if (version === undefined) throw new Error(`The model "${name}" has no version yet.`);
  return { name, version: String(version) };
}

async function list(flags: ServerFlags, search?: string) {
  const { client } = connect(flags);
  const { items, nextCursor } = await client.call("GET /api/v1/registry/models", {
    query: { limit: 200, search: search ?? "" },
  });
  if (flags.json) return console.log(JSON.stringify({ items, nextCursor }));
  if (items.length === 0)
    return console.log("No model is registered yet. To import one: treadle model import NAME ./model.gguf");
  console.log(textTable(items.map(rowOf)));
  if (nextCursor !== null) process.stderr.write("There are more models. Search for a name.\n");
}

function rowOf({ name, latest, aliases }: Model): string[] {
  const points = aliases.map(({ alias, version }) => `${alias}=v${version}`).join(" ");
  if (!latest) return [name, "no version", "", "", points];
  return [name, `v${latest.version}`, latest.format, `${mb(latest.sizeBytes)} MB`, points];
}

async function show(flags: ServerFlags, text: string) {
  const { client } = connect(flags);
  const version = await client.call("GET /api/v1/registry/models/:name/versions/:version", {
    params: await placeOf(client, text),
  });
  if (flags.json) return console.log(JSON.stringify(version));
  for (const line of linesOf(version)) console.log(line);
}

function linesOf(version: Version): string[] {
  const { name, facts, base, aliases, files } = version;
  return [
    `${name}@v${version.version}  ${version.formats.join(", ")}  stage ${version.stage}`,
    ...(aliases.length > 0 ? [wrapWords(`aliases: ${aliases.join(", ")}`)] : []),
    `${facts.architecture ?? "unknown architecture"}, ${facts.parameters ?? "unknown"} parameters, ${facts.quantisation ?? "unknown quantization"}`,
    ...(base ? [`over ${base.ref}`] : []),
    `from ${version.runId ?? version.source}; license ${version.license ?? "unknown"}${version.licenseFrom?.base ? `, of the base ${version.licenseFrom.base}` : ""}`,
    version.canServe
      ? `requests name it as ${name}@v${version.version}`
      : wrapWords(`cannot answer here: ${version.whyNot ?? ""}`, "  "),
    ...files.map(({ path, sizeBytes, sha256 }) => `  ${sha256.slice(0, 12)}  ${mb(sizeBytes)} MB  ${path}`),
  ];
}

const mb = (bytes: number) => (bytes / 1e6).toFixed(1);
const isRemote = (source: string) => /^(hf|local|upload):/.test(source);

async function bring(flags: ImportFlags, name: string, source: string) {
  const { client } = connect(flags);
  const { base, alias, license, leaveOut = false } = flags;
  const from = isRemote(source) ? source : `upload:${await send(client, resolve(source), { leaveOut })}`;
  const { jobId } = await client.call("POST /api/v1/registry/imports", {
    body: { name, source: from, base, alias, license, leaveOut },
  });
  const { result } = await followJob(client, jobId, { isQuiet: flags.json ?? false });
  if (flags.json) return console.log(JSON.stringify(result));
  const version = typeof result === "object" && result !== null && "version" in result ? result.version : "?";
  console.log(`${name}@v${version} is registered: treadle model show ${name}@v${version}`);
}

/** A file or folder of the machine that the command runs on, sent in parts. */
async function send(client: Client, path: string, { leaveOut }: { leaveOut: boolean }): Promise<string> {
  const found = await filesBelow(path);
  const files = leaveOut ? found.filter(({ name }) => !/[.](bin|pt|pth|pkl|py)$/.test(name)) : found;
  const upload = await client.call("POST /api/v1/registry/uploads", {
    body: { files: files.map(({ name, sizeBytes }) => ({ path: name, sizeBytes })) },
  });
  for (const [file, { at, name, sizeBytes }] of files.entries()) {
    const handle = await open(at, "r");
    try {
      for (let part = 0; part * PART_BYTES < sizeBytes; part++) {
        const length = Math.min(PART_BYTES, sizeBytes - part * PART_BYTES);
        const { buffer } = await handle.read(Buffer.alloc(length), 0, length, part * PART_BYTES);
        const params = { uploadId: upload.uploadId, file: String(file), part: String(part) };
        await client.send("PUT /api/v1/registry/uploads/:uploadId/files/:file/parts/:part", { params, bytes: buffer });
      }
    } finally {
      await handle.close();
    }
    process.stderr.write(`sent ${name}\n`);
  }
  return upload.uploadId;
}

async function filesBelow(path: string) {
  const stats = await stat(path).catch(() => null);
  if (!stats) throw new UsageError(`There is no file or folder ${path}.`);
  if (stats.isFile()) return [{ at: path, name: basename(path), sizeBytes: stats.size }];
  const files: { at: string; name: string; sizeBytes: number }[] = [];
  for await (const entry of await opendir(path, { recursive: true })) {
    const at = join(entry.parentPath, entry.name);
    if (entry.isFile())
      files.push({ at, name: relative(path, at).split(sep).join("/"), sizeBytes: (await stat(at)).size });
  }
  return files;
}

async function scan(flags: ServerFlags, source: string) {
  const { client } = connect(flags);
  const from = isRemote(source) ? source : `upload:${await send(client, resolve(source), { leaveOut: false })}`;
  const found = await client.call("POST /api/v1/registry/scans", { body: { source: from } });
  if (flags.json) console.log(JSON.stringify(found));
  else {
    for (const { path, level, message } of found.findings) console.log(`${level}\t${path}\t${message}`);
    console.log(found.isSafe ? `It can be imported as ${found.format}.` : "It would be rejected.");
  }
  if (!found.isSafe) process.exitCode = 1;
}

async function pull(flags: OutFlags, text: string) {
  const { client } = connect(flags);
  const place = await placeOf(client, text);
  const { files, name, version } = await client.call("GET /api/v1/registry/models/:name/versions/:version", {
    params: place,
  });
  const folder = flags.out ?? `${name}-v${version}`;
  for (const { path, sha256 } of files) {
    const target = join(folder, path);
    await mkdir(dirname(target), { recursive: true });
    const { body } = await client.send("GET /api/v1/registry/models/:name/versions/:version/content", {
      params: place,
      query: { path },
    });
    await pipeline(Readable.from(body ?? []), createWriteStream(target));
    const hash = createHash("sha256");
    for await (const chunk of createReadStream(target)) hash.update(chunk);
    if (hash.digest("hex") !== sha256)
      throw new ApiError({ status: 0, code: "damaged", message: `${path} arrived damaged. Pull it again.` });
  }
  console.log(
    flags.json ? JSON.stringify({ folder, files }) : `${files.length} files are in ${folder}, each with its SHA-256.`,
  );
}

async function exportModel(flags: ExportFlags, text: string) {
  const { client } = connect(flags);
  const { format } = flags;
  if (format !== undefined)
    return convertModel(client, await placeOf(client, text), { download: true, ...flags, format });
  const kind = KINDS.find((one) => one === flags.kind);
  if (!kind) throw new UsageError(`"${flags.kind}" is not an export format. Use files, container or oci.`);
  const place = await placeOf(client, text);
  const out = flags.out ?? `${place.name}-${place.version}-${kind}.tar`;
  const { body } = await client.send("GET /api/v1/registry/models/:name/versions/:version/export", {
    params: place,
    query: { kind },
  });
  await pipeline(Readable.from(body ?? []), createWriteStream(out));
  console.log(flags.json ? JSON.stringify({ file: out }) : `The archive is ${out}.`);
}

type Moved = {
  readonly aliases: readonly { readonly alias: string; readonly version: number }[];
  readonly deployment: { readonly rolloutIds: readonly string[] } | null;
};

function wordsOfMove({ aliases, deployment }: Moved, { name, alias }: { name: string; alias: string }): string {
  const now = aliases.find((one) => one.alias === alias)?.version ?? "none";
  if (!deployment) return `${name}@${alias} now points to version ${now}.`;
  return `${name}@${alias} stays at version ${now} until these rollouts are promoted: ${deployment.rolloutIds.join(", ")}.`;
}

async function promote(flags: PromoteFlags, text: string) {
  const { client } = connect(flags);
  const { alias, reason } = flags;
  const body = { reason, ...(flags.force && { force: true }) };
  const [name = "", which] = text.split("@");
  const params = { name, alias };
  if (which === undefined && !flags.rollback) throw new UsageError("Name the version: treadle model promote NAME@v3");
  const model = flags.rollback
    ? await client.call("POST /api/v1/registry/models/:name/aliases/:alias/rollback", { params, body })
    : await client.call("PUT /api/v1/registry/models/:name/aliases/:alias", {
        params,
        body: { version: which ?? "", ...body },
      });
  console.log(flags.json ? JSON.stringify(model) : wordsOfMove(model, { name, alias }));
}
