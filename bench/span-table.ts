// Makes a data folder with millions of spans for benchmarks of what reads them: skewed models, users, tags and words, 30 days up to now,
// four of five rows in the server's first project. The rows follow from the seed and their number alone (span-traces.ts says which trace
// a row is of), are made within the engine, and stay: a second run finds them. A run that was cut off goes on where it was.
// Usage: node bench/span-table.ts [--rows 10000000] [--folder FOLDER] [--seed 1] [--project ID]
import { parseArgs } from "node:util";
import { DEFAULT_SEED, defaultSpanFolder, fillSpanFolder } from "./span-folder.ts";

const { values } = parseArgs({
  options: {
    rows: { type: "string", default: "10000000" },
    folder: { type: "string" },
    seed: { type: "string", default: String(DEFAULT_SEED) },
    project: { type: "string" },
  },
});
const rows = Number(values.rows);
const folder = values.folder ?? defaultSpanFolder(rows);
const { projectId, until } = await fillSpanFolder({
  folder,
  rows,
  seed: Number(values.seed),
  projectId: values.project,
  progress: console.log,
});
console.log(`${folder} holds ${rows} spans up to ${new Date(until).toISOString()}; four of five are of ${projectId}`);
