import type { Client } from "../client.ts";
import type { EvaluationItem, EvaluationOptions } from "./evaluation.ts";

export type NamedItem = EvaluationItem & { readonly itemId: string };
export type ItemsToAnswer = {
  readonly items: readonly NamedItem[];
  /** Where they come from, at the version that was read; null for items of the test's own. */
  readonly dataset: { readonly datasetId: string; readonly version: string } | null;
};

const PAGE = 200;
const ID_DIGITS = 16;

/** The items of an evaluation, each with an id. Throws when there are none, or when two have the same id. */
export async function readItems(client: Client, items: EvaluationOptions["items"]): Promise<ItemsToAnswer> {
  if (typeof items === "string") return readDataset(client, items);
  const named: NamedItem[] = [];
  const usedIds = new Set<string>();
  for await (const item of items) {
    const itemId = item.itemId ?? (await freeId(item.inputs, usedIds));
    if (usedIds.has(itemId))
      throw new Error(`Two items have the id "${itemId}". Give each item a unique id, or no id.`);
    usedIds.add(itemId);
    named.push({ ...item, itemId });
  }
  if (named.length === 0) throw new Error("There are no items to answer.");
  return { items: named, dataset: null };
}

async function readDataset(client: Client, wanted: string): Promise<ItemsToAnswer> {
  const [name = "", version = "main"] = wanted.split("@");
  const dataset = (await client.call("GET /api/v1/datasets", { query: { name } })).items[0];
  if (!dataset) throw new Error(`The server has no dataset "${name}".`);
  const { datasetId } = dataset;
  const items: NamedItem[] = [];
  for (let cursor: string | undefined; ; ) {
    const query = { at: version, limit: PAGE, ...(cursor !== undefined && { cursor }) };
    const page = await client.call("GET /api/v1/datasets/:datasetId/items", { params: { datasetId }, query });
    items.push(
      ...page.items.map(({ itemId, inputs, expected, metadata, split }) => ({
        itemId,
        inputs,
        expected,
        metadata,
        split,
      })),
    );
    if (page.nextCursor === null) break;
    cursor = page.nextCursor;
  }
  if (items.length === 0) throw new Error(`The dataset "${name}" has no items at "${version}".`);
  return { items, dataset: { datasetId, version } };
}

/**
 * A hash of the inputs, so that the same item has the same id in every run. A second item with the same inputs gets a
 * number.
 */
async function freeId(inputs: EvaluationItem["inputs"], taken: ReadonlySet<string>): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(sorted(inputs)));
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const id = [...digest]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("")
    .slice(0, ID_DIGITS);
  if (!taken.has(id)) return id;
  let number = 2;
  while (taken.has(`${id}-${number}`)) number += 1;
  return `${id}-${number}`;
}

/** Keys in one order, whatever the order in which they were written. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}
