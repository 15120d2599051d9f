import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const LOGS = "deduplication_logs";
/** Such as `202611_8_12_1`: the partition, the first and the last block of it that the part holds, and how often it was merged. */
const PART = /^([^_]+)_(\d+)_(\d+)_\d+(?:_\d+)?$/;
/** Such as `1<tab>202611_8_8_0<tab>token`: 1 for a token that became known, 2 for one that was forgotten. */
const ENTRY = /^[12]\t([^\t]+)\t[^\t]+$/;

type Part = { readonly partition: string; readonly from: number; readonly to: number };

/**
 * Lets go of tokens whose rows were never kept, and gives how many there were. The embedded engine writes a batch's token down just before the
 * batch's part gets its name: killed in between, it would take the batch for a known one when it is sent again, and keep none of it.
 * To be called before the engine opens the folder, and only by the process that owns it.
 */
export function forgetLostBatches(folder: string): number {
  let forgotten = 0;
  for (const log of logsOf(folder)) forgotten += mendLog(log);
  return forgotten;
}

/** Tables lie at `store/<three letters>/<id>`, each with its logs in a folder. */
function logsOf(folder: string): string[] {
  const store = join(folder, "store");
  if (!existsSync(store)) return [];
  const tables = foldersIn(store).flatMap((group) => foldersIn(join(store, group)).map((id) => join(store, group, id)));
  return tables
    .map((table) => join(table, LOGS))
    .filter((logs) => existsSync(logs))
    .flatMap((logs) => readdirSync(logs).map((name) => join(logs, name)))
    .filter((path) => path.endsWith(".txt"));
}

function mendLog(path: string): number {
  const text = readFileSync(path, "utf8");
  const lines = text.split("\n");
  // After the last line feed stands nothing, or what a write left that was cut off.
  const torn = lines.pop() ?? "";
  const parts = lines.map((line) => partOf(ENTRY.exec(line)?.[1] ?? ""));
  if (parts.includes(null)) return 0;
  const kept = foldersIn(dirname(dirname(path))).flatMap((name) => partOf(name) ?? []);
  const held = lines.filter((_, index) => kept.some((part) => holds(part, parts[index])));
  const forgotten = lines.length - held.length;
  if (forgotten === 0 && torn === "") return 0;
  const beside = `${path}.mended`;
  writeFileSync(beside, held.map((line) => `${line}\n`).join(""), { flush: true });
  renameSync(beside, path);
  return forgotten;
}

const holds = (part: Part, sought: Part | null | undefined) =>
  !!sought && part.partition === sought.partition && part.from <= sought.from && sought.to <= part.to;

function partOf(name: string): Part | null {
  const [, partition, from, to] = PART.exec(name) ?? [];
  return partition === undefined ? null : { partition, from: Number(from), to: Number(to) };
}

const foldersIn = (folder: string) =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
