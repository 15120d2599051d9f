import type { Command } from "commander";
import { addDatasetCreate } from "./dataset-create.ts";
import { addDatasetCurate } from "./dataset-curate.ts";
import { addDatasetDiff } from "./dataset-diff.ts";
import { addDatasetExport } from "./dataset-export.ts";
import { addDatasetGenerate } from "./dataset-generate.ts";
import { addDatasetImport } from "./dataset-import.ts";
import { addDatasetReport } from "./dataset-report.ts";

/** Adds the commands of datasets. */
export function addDataset(program: Command) {
  const dataset = program.command("dataset");
  addDatasetCreate(dataset);
  addDatasetImport(dataset);
  addDatasetExport(dataset);
  addDatasetDiff(dataset);
  addDatasetCurate(dataset);
  addDatasetReport(dataset);
  addDatasetGenerate(dataset);
}
