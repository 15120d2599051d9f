import { ItemId, type Source, Source as SourceShape, SplitName } from "@treadle/contract";
import { isObject, type Row } from "../files/row.ts";
import { type ItemDraft, type OutgoingItem, refuse } from "./shape.ts";

type Beside = Pick<ItemDraft, "itemId" | "metadata" | "split">;

/** What stands beside the shape's own keys: an id, a split, metadata; whatever else there is becomes metadata too. */
export function readBeside(row: Row, own: ReadonlySet<string>): Beside {
  const metadata: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(row))
    if (!own.has(key) && !BESIDE.has(key) && value !== null && value !== undefined) metadata[key] = value;
  const given = row.metadata ?? null;
  if (isObject(given)) Object.assign(metadata, given);
  else if (given !== null) metadata.metadata = given;
  return { itemId: readId(row.id, "/id"), metadata, split: readSplit(row.split, "/split") };
}
const BESIDE: ReadonlySet<string> = new Set(["id", "split", "metadata"]);

/** The other way round: only what there is. */
export const writeBeside = ({ ownId, split, metadata }: OutgoingItem): Row => ({
  ...(ownId !== null && { id: ownId }),
  ...(split !== null && { split }),
  ...(Object.keys(metadata).length > 0 && { metadata }),
});

export function readId(value: unknown, pointer: string): string | null {
  if (value === null || value === undefined || value === "") return null;
  const text = typeof value === "number" ? String(value) : value;
  if (typeof text === "string" && ItemId.safeParse(text).success) return text;
  return refuse(
    pointer,
    "It cannot be an id: use letters, digits and . _ : @ / + = -, at most 200 characters, or take ids from the content.",
  );
}

export function readSplit(value: unknown, pointer: string): string | null {
  if (value === null || value === undefined || value === "") return null;
  if (typeof value === "string" && SplitName.safeParse(value).success) return value;
  return refuse(pointer, "It cannot name a split: use letters, digits, dots, hyphens and underscores, at most 60.");
}

/** Where a row says an item came from, when it says so in our own words. */
export function readSource(value: unknown): Source | undefined {
  const source = SourceShape.safeParse(value);
  return source.success ? source.data : undefined;
}
