// Generates a data folder with millions of spans for benchmarks of queries: skewed models, users, tags and words, 30
// days up to now, and four of five rows in the server's first project. The rows depend only on the seed and their
// number (span-traces.ts assigns rows to traces). They are generated inside the engine and stored, so a second run
// reuses them. An interrupted run continues.
// Usage: node bench/span-table.ts [--rows 10000000] [--folder FOLDER] [--seed 1] [--project ID]
import { parseArgs } from "node:util";
import { DEFAULT_SEED, defaultSpanFolder, fillSpanFolder } from "./spans/span-folder.ts";

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
