import type { Answer } from "@treadle/sdk";
import type { Command } from "commander";
import pc from "picocolors";
import { connect, type ServerFlags, withServerFlags } from "../../shared/connect.ts";
import { findDataset } from "../../shared/find-dataset.ts";
import { reportFailure } from "../../shared/report-failure.ts";
import { UsageError } from "../../shared/usage-error.ts";

type Page = Answer<"GET /api/v1/datasets/:datasetId/diff">;
type Difference = Page["items"][number];
type Flags = ServerFlags & { readonly kind?: Difference["kind"]; readonly limit: string };

const PAGE = 200;
const CHARACTERS = 120;

/** Adds `diff` to the commands of datasets. */
export function addDatasetDiff(dataset: Command) {
  withServerFlags(
    dataset
      .command("diff")
      .description("show the differences between two versions, by item")
      .argument("<dataset>", "the name or id of the dataset")
      .argument("[versions...]", "two versions, each a number, a tag, a branch or draft (default: main draft)")
      .option("--kind <kind>", "only one kind of change: added, removed or changed")
      .option("--limit <count>", "the number of items to show", "50"),
  ).action((named: string, [from = "main", to = "draft"]: string[], flags: Flags) =>
    run(named, { from, to }, flags).catch((error: unknown) => reportFailure(error, flags)),
  );
}

async function run(named: string, versions: { from: string; to: string }, flags: Flags) {
  const limit = Number(flags.limit);
  if (!Number.isInteger(limit) || limit < 1)
    throw new UsageError(`--limit must be a whole number of at least 1, not "${flags.limit}".`);
  const { client } = connect(flags);
  const { datasetId } = await findDataset(client, named);
  const items: Difference[] = [];
  let page: Page | null = null;
  let cursor: string | undefined;
  do {
    const query = { ...versions, kind: flags.kind, cursor, limit: Math.min(PAGE, limit - items.length) };
    page = await client.call("GET /api/v1/datasets/:datasetId/diff", { params: { datasetId }, query });
    items.push(...page.items);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined && items.length < limit);
  const { counts } = page;
  if (flags.json) return console.log(JSON.stringify({ ...page, items }));
  for (const item of items) show(item);
  const { added, removed, changed } = counts;
  const more = cursor === undefined ? "" : `; the first ${items.length} are shown`;
  console.log(`${added} added, ${removed} removed, ${changed} changed from ${versions.from} to ${versions.to}${more}`);
}

function show({ kind, itemId, before, after, fields }: Difference) {
  if (kind === "added") return console.log(pc.green(`+ ${itemId} ${brief(after?.inputs)} → ${brief(after?.expected)}`));
  if (kind === "removed")
    return console.log(pc.red(`- ${itemId} ${brief(before?.inputs)} → ${brief(before?.expected)}`));
  console.log(pc.yellow(`~ ${itemId}`));
  for (const { field, before: was, after: is } of fields) console.log(`    ${field}: ${brief(was)} → ${brief(is)}`);
}

function brief(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > CHARACTERS ? `${text.slice(0, CHARACTERS)}…` : text;
}
