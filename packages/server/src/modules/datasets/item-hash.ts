import { hash } from "node:crypto";
import { ITEM_LIMITS, type Item } from "@treadle/contract";
import { AppError } from "../../kernel/errors.ts";
import { canonicalJson } from "./canonical-json.ts";
import { createIdSet } from "./id-set.ts";

/** An item without an id, or with the one that its file gave it. */
export type ItemDraft = Omit<Item, "itemId"> & { readonly itemId?: string | undefined };

/** An item as a line of a chunk, with the hash that stands for it and the length of what is hashed. */
export type EncodedRow = {
  readonly item: Item;
  readonly rowHash: string;
  readonly line: string;
  readonly characters: number;
};

/** The parts of an item that tell what it is, as canonical JSON. */
type Parts = { readonly expected: string; readonly inputs: string; readonly metadata: string };
const HEX_OF_ID = 26;

const partsOf = ({ inputs, expected, metadata }: Pick<Item, keyof Parts>): Parts => ({
  expected: canonicalJson(expected),
  inputs: canonicalJson(inputs),
  metadata: canonicalJson(metadata),
});

const contentIdOf = ({ expected, inputs, metadata }: Parts): string =>
  `it_${hash("sha256", `{"expected":${expected},"inputs":${inputs},"metadata":${metadata}}`, "hex").slice(0, HEX_OF_ID)}`;

function encode(item: Item, { expected, inputs, metadata }: Parts): EncodedRow {
  const { itemId, source, split } = item;
  const last = split === null ? "null" : JSON.stringify(split);
  const hashed = `{"expected":${expected},"inputs":${inputs},"itemId":${JSON.stringify(itemId)},"metadata":${metadata},"split":${last}}`;
  if (hashed.length > ITEM_LIMITS.bytes) throw tooLarge(itemId);
  const rowHash = hash("sha256", hashed, "hex");
  const line = `${hashed.slice(0, -1)},"source":${JSON.stringify(source)},"rowHash":"${rowHash}"}`;
  return { item, rowHash, line, characters: hashed.length };
}

/** The canonical JSON that is hashed with the source and the hash behind it. Throws `invalid_request` for an item that is too large or too deep. */
export const encodeItem = (item: Item): EncodedRow => encode(item, partsOf(item));

/** A line of a chunk that was written by `encodeItem`, so its shape is known. */
export function decodeLine(line: string): EncodedRow {
  const { rowHash, ...item }: Item & { rowHash: string } = JSON.parse(line);
  const behind = `,"source":${JSON.stringify(item.source)},"rowHash":"${rowHash}"`.length;
  return { item, rowHash, line, characters: line.length - behind };
}

/**
 * Encodes the items of one import, and gives them their ids: their own, or one from their content, with `-2`, `-3` … behind
 * it for a repeat. The same file gives the same ids, whatever shape it is written in.
 */
export function createRowEncoder() {
  const taken = createIdSet();
  return {
    /** Takes an id that is in use elsewhere; false when it was taken. */
    take: (itemId: string): boolean => taken.add(itemId),
    /** Null when the draft's own id was taken before. */
    encode({ itemId, inputs, expected, metadata, source, split }: ItemDraft): EncodedRow | null {
      const parts = partsOf({ inputs, expected, metadata });
      if (itemId !== undefined && !taken.add(itemId)) return null;
      const id = itemId ?? freeId(contentIdOf(parts));
      return encode({ itemId: id, inputs, expected, metadata, source, split }, parts);
    },
  };

  function freeId(first: string): string {
    let id = first;
    for (let repeat = 2; !taken.add(id); repeat++) id = `${first}-${repeat}`;
    return id;
  }
}
export type RowEncoder = ReturnType<typeof createRowEncoder>;

/** A chunk's hash over its rows' hashes, and a version's over its chunks': each tells which of the two it is. */
export const hashChunk = (rowHashes: readonly string[]) => hash("sha256", `chunk\n${rowHashes.join("\n")}`, "hex");
export const hashRoot = (chunkHashes: readonly string[]) => hash("sha256", `root\n${chunkHashes.join("\n")}`, "hex");

const tooLarge = (itemId: string) =>
  new AppError("invalid_request", {
    message: `The item "${itemId}" is larger than ${ITEM_LIMITS.bytes / 1_048_576} MiB of JSON. Keep its large part elsewhere and refer to it.`,
    details: { itemId },
  });
