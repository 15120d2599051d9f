import { readFile } from "node:fs/promises";
import { posix } from "node:path";
import type { ScanFinding } from "@treadle/contract";
import { z } from "zod";
import type { ScannedFile } from "./check-paths.ts";
import type { SafetensorsHeader } from "./read-safetensors.ts";

const MAX_BYTES = 64 * 1024 * 1024;
const Index = z.looseObject({ weight_map: z.record(z.string(), z.string()) });

/** Weights that are spread over several files: each file that the index names must be there, and hold what it should. */
export async function checkShards(
  files: readonly ScannedFile[],
  headers: ReadonlyMap<string, SafetensorsHeader>,
): Promise<ScanFinding[]> {
  const findings: ScanFinding[] = [];
  for (const index of files.filter(({ path }) => path.endsWith(".safetensors.index.json"))) {
    const problem = index.sizeBytes > MAX_BYTES ? "is too large to be an index" : await problemOf(index, headers);
    if (problem) findings.push({ path: index.path, level: "refused", message: `This index ${problem}.` });
  }
  return findings;
}

async function problemOf({ at, path }: ScannedFile, headers: ReadonlyMap<string, SafetensorsHeader>) {
  const index = await readFile(at, "utf8").then(
    (text) => Index.safeParse(parse(text)),
    () => ({ data: undefined }),
  );
  if (!index.data) return "is not JSON with a weight_map";
  const folder = posix.dirname(path);
  const namesByShard = new Map([...headers].map(([name, header]) => [name, new Set(header.names)]));
  for (const [tensor, shard] of Object.entries(index.data.weight_map)) {
    const names = namesByShard.get(folder === "." ? shard : `${folder}/${shard}`);
    if (!names) return `names the file "${shard.slice(0, 120)}", which is missing`;
    if (!names.has(tensor))
      return `claims that "${tensor.slice(0, 120)}" is in "${shard.slice(0, 120)}", but it is not`;
  }
  return null;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
