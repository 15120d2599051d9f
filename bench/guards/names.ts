// What the detector `names` finds in questions of bank customers, which hold few names. Downloads nothing.
// Usage: node bench/guards/names.ts FOLDER, with banking77/train.csv in FOLDER (CC-BY-4.0, PolyAI-LDN/task-specific-datasets).
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { namesIn } from "../../packages/guards/src/testing/measure-names.ts";

const folder = process.argv[2];
if (folder === undefined) {
  console.error("Give the folder of the data: node bench/guards/names.ts FOLDER");
  process.exit(64);
}
const lines = readFileSync(join(folder, "banking77/train.csv"), "utf8").trim().split("\n").slice(1);
for (const threshold of [0.5, 0.8]) {
  const counts = new Map<string, number>();
  for (const line of lines) for (const name of namesIn(line, threshold)) counts.set(name, (counts.get(name) ?? 0) + 1);
  const all = [...counts].toSorted(([, one], [, other]) => other - one).map(([name, count]) => `${name} (${count})`);
  console.log(`threshold ${threshold}, ${lines.length} lines: ${all.join(", ")}`);
}
