import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const LOGS = "deduplication_logs";
/** For example `202611_8_12_1`: the partition, its first and last block in the part, and the number of merges. */
const PART = /^([^_]+)_(\d+)_(\d+)_\d+(?:_\d+)?$/;
/** For example `1<tab>202611_8_8_0<tab>token`: 1 for a new token, 2 for a removed one. */
const ENTRY = /^[12]\t([^\t]+)\t[^\t]+$/;

type Part = { readonly partition: string; readonly from: number; readonly to: number };

/**
 * Removes tokens whose rows were never stored, and returns their number. The embedded engine writes a batch's token
 * just before the batch's part gets its name. Killed in between, it would reject the repeated batch as a duplicate, and
 * store none of it. Call it before the engine opens the folder, and only in the process that owns it.
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
  const heldBatches = lines.filter((_, index) => kept.some((part) => holds(part, parts[index])));
  const forgotten = lines.length - heldBatches.length;
  if (forgotten === 0 && torn === "") return 0;
  const beside = `${path}.mended`;
  writeFileSync(beside, heldBatches.map((line) => `${line}\n`).join(""), { flush: true });
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
