// Trains the prompt injection model, writes its weights, writes its tables into its model card, and its figures.
// Usage: node packages/guards/training/train.ts FOLDER
// FOLDER holds the files of manifest.jsonl. Without them the script lists what to download.
import { readFileSync, writeFileSync } from "node:fs";
import { MODEL_FILE } from "../src/injection/load-model.ts";
import { encodeModel } from "../src/injection/model.ts";
import { writeFigures } from "./figures.ts";
import { readData } from "./manifest.ts";
import { toReport } from "./report.ts";
import { trainModel } from "./train-model.ts";

const CARD = new URL("../../../docs/reference/injection-model.md", import.meta.url);
const RESULTS = /(<!-- results -->\n)[\s\S]*(<!-- end of results -->)/;

const folder = process.argv[2];
if (folder === undefined) {
  console.error("Give the folder of the data: node packages/guards/training/train.ts FOLDER");
  process.exit(64);
}
const data = readData(folder);
const trained = trainModel(data);
const file = encodeModel(trained.model);
const report = toReport(data, trained, file);
console.log(report);
writeFileSync(MODEL_FILE, file);
writeFileSync(
  CARD,
  readFileSync(CARD, "utf8").replace(RESULTS, (_, start: string, end: string) => `${start}\n${report}\n${end}`),
);
writeFigures();
