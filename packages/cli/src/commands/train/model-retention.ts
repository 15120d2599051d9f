import type { Answer, Client } from "@treadle/sdk";
import type { Command } from "commander";
import { connect, type ServerFlags, withServerFlags } from "../../shared/connect.ts";
import { followJob } from "../../shared/follow-job.ts";
import { reportFailure } from "../../shared/report-failure.ts";
import { UsageError } from "../../shared/usage-error.ts";
import { wrapWords } from "../../shared/wrap-words.ts";
import { textTable } from "../../suites/text-table.ts";

type RetentionFlags = ServerFlags & {
  readonly keepNewest?: string;
  readonly afterDays?: string;
  readonly keepAll?: boolean;
  readonly off?: boolean;
  readonly run?: boolean;
};
type Plan = Answer<"GET /api/v1/registry/retention">;
type Rule = { readonly keepNewest: number; readonly afterDays: number };

/** Adds what says, and changes, how long files of old versions stay. */
export function addRetention(model: Command) {
  withServerFlags(
    model
      .command("retention [model]")
      .description("show which old versions lose their files, and when; for the project or one model")
      .option("--keep-newest <n>", "set the rule: the newest n versions keep their files")
      .option(
        "--after-days <days>",
        "set the rule: other versions lose their files this many days after their last use",
      )
      .option("--keep-all", "set the rule: retain all files")
      .option("--off", "with a model: use the rule of the project")
      .option("--run", "remove the files that are due now"),
  ).action((name: string | undefined, flags: RetentionFlags) =>
    retention(name, flags).catch((error: unknown) => reportFailure(error, flags)),
  );
}

async function retention(name: string | undefined, flags: RetentionFlags) {
  const { client } = connect(flags);
  await change(client, name, flags);
  if (flags.run) return run(client, flags);
  const query = name === undefined ? {} : { name };
  const plan = await client.call("GET /api/v1/registry/retention", { query });
  if (flags.json) return console.log(JSON.stringify(plan));
  print(plan);
}

/** Sets the rule that the flags give, if they give one. */
async function change(client: Client, name: string | undefined, flags: RetentionFlags): Promise<void> {
  const rule = ruleOf(flags);
  if ([rule, flags.keepAll, flags.off].filter(Boolean).length > 1)
    throw new UsageError("Use only one of: --keep-newest with --after-days, --keep-all, --off.");
  if (flags.off && name === undefined)
    throw new UsageError(
      "--off needs a model, which then uses the rule of the project. For the project, use --keep-all.",
    );
  if (!rule && !flags.keepAll && !flags.off) return;
  if (name === undefined) {
    await client.call("PUT /api/v1/registry/settings", { body: { retention: rule } });
    return;
  }
  const choice = rule ?? (flags.keepAll ? "keep-all" : "project");
  await client.call("PATCH /api/v1/registry/models/:name", { params: { name }, body: { retention: choice } });
}

function ruleOf({ keepNewest, afterDays }: RetentionFlags): Rule | null {
  if (keepNewest === undefined && afterDays === undefined) return null;
  if (keepNewest === undefined || afterDays === undefined)
    throw new UsageError("A rule needs both options: --keep-newest 5 --after-days 30");
  return { keepNewest: wholeNumber("--keep-newest", keepNewest), afterDays: wholeNumber("--after-days", afterDays) };
}

function wholeNumber(flag: string, text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new UsageError(`"${text}" (${flag}) is not a whole number.`);
}

async function run(client: Client, flags: RetentionFlags) {
  const { jobId } = await client.call("POST /api/v1/registry/retention/runs");
  const { result } = await followJob(client, jobId, { isQuiet: flags.json ?? false });
  if (flags.json) return console.log(JSON.stringify(result));
  const { versions = 0, bytes = 0 } = (result ?? {}) as { versions?: number; bytes?: number };
  console.log(`Removed the files of ${versions} versions, ${mb(bytes)} MB. The records of the versions remain.`);
}

function print({ policy, items, dueVersions, dueBytes }: Plan) {
  const policyText = policy
    ? `The newest ${policy.keepNewest} versions of a model retain their files. Other versions lose them ${policy.afterDays} days after their last use.`
    : "The project retains all files. To set a rule: treadle model retention --keep-newest 5 --after-days 30";
  console.log(wrapWords(policyText));
  if (items.length === 0) return console.log("No version will lose its files.");
  console.log(
    textTable(
      items.map(({ name, version, sizeBytes, dueAt, isDue }) => [
        `${name}@v${version}`,
        `${mb(sizeBytes)} MB`,
        isDue ? "due" : `on ${dueAt.slice(0, 10)}`,
      ]),
    ),
  );
  if (dueVersions > 0)
    console.log(
      wrapWords(
        `${dueVersions} are due, ${mb(dueBytes)} MB. They are removed within a day, or now with treadle model retention --run`,
      ),
    );
}

const mb = (bytes: number) => (bytes / 1e6).toFixed(1);
