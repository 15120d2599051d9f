import { ItemId, type Source, Source as SourceShape, SplitName } from "@treadle/contract";
import { isObject, type Row } from "../files/row.ts";
import { type ItemDraft, type OutgoingItem, type PathStep, refuse } from "./shape.ts";

type Beside = Pick<ItemDraft, "itemId" | "metadata" | "split">;

/** What stands beside the shape's own keys: an id, a split, metadata; whatever else there is becomes metadata too. */
export function readBeside(row: Row, own: ReadonlySet<string>): Beside {
  const itemId = readId(row.id, "/id");
  return { itemId, metadata: readMetadata(row, own), split: readSplit(row.split, "/split") };
}

function readMetadata(row: Row, own: ReadonlySet<string>): Row {
  const given = row.metadata ?? null;
  let others: Record<string, unknown> | null = null;
  for (const key in row) {
    if (own.has(key) || BESIDE.has(key)) continue;
    const value = row[key];
    if (value === null || value === undefined) continue;
    others ??= {};
    others[key] = value;
  }
  // Mostly there is nothing else, and then nothing is copied.
  if (isObject(given)) return others === null ? given : Object.assign(others, given);
  return given === null ? (others ?? {}) : { ...others, metadata: given };
}
const BESIDE: ReadonlySet<string> = new Set(["id", "split", "metadata"]);

/** What `readBeside` passes on as it is. */
export function passesBeside([first, ...inner]: readonly PathStep[], own: ReadonlySet<string>): "as-is" | "id" | null {
  if (first === "id") return inner.length === 0 ? "id" : null;
  return typeof first !== "string" || first === "split" || own.has(first) ? null : "as-is";
}

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
