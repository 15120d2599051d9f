import type { Command } from "commander";
import { connect, type ServerFlags, withServerFlags } from "../../shared/connect.ts";
import { IDEMPOTENCY_KEY_OPTION } from "../../shared/idempotency-key-option.ts";
import { reportFailure } from "../../shared/report-failure.ts";
import { UsageError } from "../../shared/usage-error.ts";

type Flags = ServerFlags & {
  readonly testSet?: string;
  readonly category?: readonly string[];
  readonly description?: string;
  readonly evaluation?: boolean;
  readonly idempotencyKey?: string;
};

/** Adds `create` to the commands of datasets. */
export function addDatasetCreate(dataset: Command) {
  withServerFlags(
    dataset
      .command("create")
      .description("create a dataset, empty or from a built-in test set")
      .argument("<name>", "the name of the dataset")
      .option(
        "--test-set <id>",
        "add the items of a built-in test set, such as jailbreak, and mark the dataset as evaluation",
      )
      .option("--category <category...>", "only items of these categories of the test set")
      .option("--description <text>", "its contents and purpose")
      .option("--evaluation", "mark the dataset as evaluation")
      .option(...IDEMPOTENCY_KEY_OPTION),
  ).action((name: string, flags: Flags) => run(name, flags).catch((error: unknown) => reportFailure(error, flags)));
}

async function run(name: string, flags: Flags) {
  const { testSet, category, description, evaluation, idempotencyKey } = flags;
  if (category !== undefined && testSet === undefined)
    throw new UsageError("--category needs a built-in test set. Add --test-set.");
  const { client } = connect(flags);
  const made =
    testSet === undefined
      ? await client.call("POST /api/v1/datasets", {
          body: { name, description, isEvaluation: evaluation },
          idempotencyKey,
        })
      : await client.call("POST /api/v1/test-sets/:testSetId/datasets", {
          params: { testSetId: testSet },
          body: { name, description, ...(category && { categories: [...category] }) },
          idempotencyKey,
        });
  if (flags.json) return console.log(JSON.stringify(made));
  const holds = made.latestVersion === null ? "empty" : `${made.rows} items in version ${made.latestVersion}`;
  console.log(`${made.name} (${made.datasetId}): ${holds}`);
  if (testSet !== undefined) await showScorers(client, testSet);
}

/** What an experiment over the items would score them with. */
async function showScorers(client: ReturnType<typeof connect>["client"], testSet: string) {
  const { items: testSets } = await client.call("GET /api/v1/test-sets", {});
  const scorers = testSets.find(({ testSetId }) => testSetId === testSet)?.scorers ?? [];
  console.log("Scorers for experiments with this dataset:");
  for (const scorer of scorers) console.log(`  ${JSON.stringify(scorer)}`);
}
