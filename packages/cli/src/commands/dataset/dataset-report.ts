import type { Command } from "commander";
import { connect, type ServerFlags, withServerFlags } from "../../shared/connect.ts";
import { findDataset } from "../../shared/find-dataset.ts";
import { followJob } from "../../shared/follow-job.ts";
import { reportFailure } from "../../shared/report-failure.ts";

type Flags = ServerFlags & { readonly version: string };

/** Adds `report` to the commands of datasets. */
export function addDatasetReport(dataset: Command) {
  withServerFlags(
    dataset
      .command("report")
      .description("create a quality report on a dataset, and print it as Markdown")
      .argument("<dataset>", "the name or id of the dataset")
      .option("--version <version>", "a version, a tag, a branch or `draft`", "draft"),
  ).action((named: string, flags: Flags) => run(named, flags).catch((error: unknown) => reportFailure(error, flags)));
}

async function run(named: string, flags: Flags) {
  const { client } = connect(flags);
  const { datasetId } = await findDataset(client, named);
  const params = { datasetId };
  const { jobId } = await client.call("POST /api/v1/datasets/:datasetId/reports", {
    params,
    body: { version: flags.version },
  });
  const { result } = await followJob(client, jobId, { isQuiet: flags.json ?? false });
  const reportId = reportIdOf(result);
  const place = { params: { datasetId, reportId } };
  if (flags.json)
    return console.log(JSON.stringify(await client.call("GET /api/v1/datasets/:datasetId/reports/:reportId", place)));
  const page = await client.send("GET /api/v1/datasets/:datasetId/reports/:reportId/markdown", place);
  process.stdout.write(await page.text());
}

function reportIdOf(result: unknown): string {
  if (typeof result === "object" && result !== null && "reportId" in result && typeof result.reportId === "string")
    return result.reportId;
  throw new Error("The job ended without a report.");
}
