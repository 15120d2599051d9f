import type { Command } from "commander";
import { connect, type ServerFlags, withServerFlags } from "../connect.ts";
import { reportFailure } from "../report-failure.ts";

type Flags = ServerFlags & {
  readonly testSet?: string;
  readonly category?: readonly string[];
  readonly description?: string;
  readonly evaluation?: boolean;
};

/** Adds `create` to the commands of datasets. */
export function addDatasetCreate(dataset: Command) {
  withServerFlags(
    dataset
      .command("create")
      .description("make a dataset, empty or from a set of items that comes with the program")
      .argument("<name>", "what it is called")
      .option("--test-set <id>", "fill it with a built-in set, such as jailbreak; it is then for evaluation")
      .option("--category <category...>", "only items of these categories of the set")
      .option("--description <text>", "what it holds, and what it is for")
      .option("--evaluation", "mark it as being for evaluation"),
  ).action((name: string, flags: Flags) => run(name, flags).catch((error: unknown) => reportFailure(error, flags)));
}

async function run(name: string, flags: Flags) {
  const { testSet, category, description, evaluation } = flags;
  if (category !== undefined && testSet === undefined)
    throw new Error("--category takes items out of a built-in set. Name one with --test-set.");
  const { client } = connect(flags);
  const made =
    testSet === undefined
      ? await client.call("POST /api/v1/datasets", { body: { name, description, isEvaluation: evaluation } })
      : await client.call("POST /api/v1/test-sets/:testSetId/datasets", {
          params: { testSetId: testSet },
          body: { name, description, ...(category && { categories: [...category] }) },
        });
  if (flags.json) return console.log(JSON.stringify(made));
  const holds = made.latestVersion === null ? "empty" : `${made.rows} items in version ${made.latestVersion}`;
  console.log(`${made.name} (${made.datasetId}): ${holds}`);
  if (testSet !== undefined) await showScorers(client, testSet);
}

/** What an experiment over the items would score them with. */
async function showScorers(client: ReturnType<typeof connect>["client"], testSet: string) {
  const { testSets } = await client.call("GET /api/v1/test-sets", {});
  const scorers = testSets.find(({ testSetId }) => testSetId === testSet)?.scorers ?? [];
  console.log("Score an experiment over it with:");
  for (const scorer of scorers) console.log(`  ${JSON.stringify(scorer)}`);
}
