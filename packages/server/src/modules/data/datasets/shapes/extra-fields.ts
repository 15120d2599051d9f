import { ItemId, type Source, Source as SourceShape, SplitName } from "@treadle/contract";
import { isRecord } from "../../../../kernel/is-record.ts";
import type { Row } from "../files/row.ts";
import { type ItemDraft, type OutgoingItem, type PathStep, refuse } from "./shape.ts";

type ExtraFields = Pick<ItemDraft, "itemId" | "metadata" | "split">;

/** Keys outside the shape: an id, a split and metadata. All other keys become metadata too. */
export function readExtraFields(row: Row, own: ReadonlySet<string>): ExtraFields {
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
  if (isRecord(given)) return others === null ? given : Object.assign(others, given);
  return given === null ? (others ?? {}) : { ...others, metadata: given };
}
const BESIDE: ReadonlySet<string> = new Set(["id", "split", "metadata"]);

/** Fields that `readExtraFields` passes on unchanged. */
export function passesExtraFields(
  [first, ...inner]: readonly PathStep[],
  own: ReadonlySet<string>,
): "as-is" | "id" | null {
  if (first === "id") return inner.length === 0 ? "id" : null;
  return typeof first !== "string" || first === "split" || own.has(first) ? null : "as-is";
}

/** The other way round: only what there is. */
export const writeExtraFields = ({ ownId, split, metadata }: OutgoingItem): Row => ({
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
    "It is not a valid id. Use at most 200 letters, digits and . _ : @ / + = -, or derive ids from the content.",
  );
}

export function readSplit(value: unknown, pointer: string): string | null {
  if (value === null || value === undefined || value === "") return null;
  if (typeof value === "string" && SplitName.safeParse(value).success) return value;
  return refuse(
    pointer,
    "It is not a valid split name. Use at most 60 letters, digits, dots, hyphens and underscores.",
  );
}

/** The source of an item, if the row names it in Treadle's format. */
export function readSource(value: unknown): Source | undefined {
  const source = SourceShape.safeParse(value);
  return source.success ? source.data : undefined;
}
