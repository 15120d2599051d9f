// Trains the prompt injection model, writes its weights and the tables of its model card.
// Usage: node packages/guards/training/train.ts FOLDER
// FOLDER holds the files of manifest.jsonl. Without them the script lists what to download.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { MODEL_FILE } from "../src/injection/load-model.ts";
import { encodeModel } from "../src/injection/model.ts";
import { readData } from "./manifest.ts";
import { toReport } from "./report.ts";
import { trainModel } from "./train-model.ts";

const folder = process.argv[2];
if (folder === undefined) {
  console.error("Give the folder of the data: node packages/guards/training/train.ts FOLDER");
  process.exit(64);
}
const data = readData(folder);
const trained = trainModel(data);
const file = encodeModel(trained.model);
const report = toReport(data, trained, file);
writeFileSync(MODEL_FILE, file);
writeFileSync(join(import.meta.dirname, "results.md"), report);
console.log(report);
