import { hash } from "node:crypto";
import { ITEM_LIMITS, type Item, type Source } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import { canonicalJson } from "./canonical-json.ts";
import { createIdSet } from "./id-set.ts";

/** An item without an id, or with the id from its file. */
export type ItemDraft = Omit<Item, "itemId"> & { readonly itemId?: string | undefined };

/** An item as a line of a chunk, with the hash that stands for it. */
export type EncodedRow = {
  readonly item: Item;
  readonly rowHash: string;
  /** The content, and separately the rest of the line, because joining the two would copy them. */
  readonly said: string;
  readonly rest: string;
};

/** The content of an item without its id, split and source: as canonical JSON without its last brace, and its hash. */
type Content = { readonly json: string; readonly hash: string };
const HEX_OF_ID = 26;

/** The content of an item as canonical JSON, without its last brace. */
export const jsonOfContent = ({ inputs, expected, metadata }: Pick<Item, "inputs" | "expected" | "metadata">): string =>
  // In the order of the alphabet, as all keys are.
  canonicalJson({ expected: expected ?? null, inputs, metadata }, -1).slice(0, -1);

const toContent = (json: string): Content => ({ json, hash: hash("sha256", json, "hex") });

/** All of a line but what the item says. */
const endOf = ({ itemId, split, source }: Item, rowHash: string) =>
  `,"itemId":${quote(itemId)},"split":${split === null ? "null" : quote(split)},"source":${sourceJson(source)},"rowHash":"${rowHash}"}`;

/** Ids and names of splits need no escapes. */
const quote = (text: string) => (/^[\w.:@/+=-]*$/.test(text) ? `"${text}"` : JSON.stringify(text));

/** The rows of a file differ in their lines alone. */
function sourceJson(source: Source): string {
  const { kind, file, line } = source;
  const isLine = kind === "file" && file !== undefined && line !== undefined && Object.keys(source).length === 3;
  if (!isLine) return JSON.stringify(source);
  if (file !== lastFile.name) lastFile = { name: file, json: JSON.stringify(file) };
  return `{"kind":"file","file":${lastFile.json},"line":${line}}`;
}
let lastFile = { name: "", json: '""' };

function encode(item: Item, { json, hash: contentHash }: Content): EncodedRow {
  if (json.length > ITEM_LIMITS.bytes) throw tooLarge(item.itemId);
  const rowHash = hash(
    "sha256",
    `${contentHash}\n${item.itemId}\n${item.split === null ? "" : `split ${item.split}`}`,
    "hex",
  );
  return { item, rowHash, said: json, rest: endOf(item, rowHash) };
}

/** A row's hash is over the hash of its content, its id and its split. Throws `invalid_request` for an item that is too large or too deep. */
export const encodeItem = (item: Item): EncodedRow => encode(item, toContent(jsonOfContent(item)));

/** A line of a chunk that was written by `encodeItem`, so its shape is known. */
export function decodeLine(line: string): EncodedRow {
  const { rowHash, ...item }: Item & { rowHash: string } = JSON.parse(line);
  const rest = endOf(item, rowHash);
  return { item, rowHash, said: line.slice(0, -rest.length), rest };
}

/** The id in a line of a chunk, without reading the rest: what follows it has no such key, and within texts its quotes are escaped. */
export function idOfLine(line: string): string {
  const start = line.lastIndexOf(ID_KEY) + ID_KEY.length;
  return line.slice(start, line.indexOf('"', start));
}
const ID_KEY = ',"itemId":"';

/**
 * Encodes the items of one import and assigns ids: their own, or a hash of their content, with `-2`, `-3` … for
 * repeats. The same file gives the same ids in any shape.
 */
export function createRowEncoder(taken = createIdSet()) {
  return {
    /** Reserves an id that is in use elsewhere. False if it was taken. */
    take: (itemId: string): boolean => taken.add(itemId),
    /** Null when the draft's own id was taken before. `json`: what it says, where that is known. */
    encode(draft: ItemDraft, json = jsonOfContent(draft)): EncodedRow | null {
      const { itemId, inputs, expected, metadata, source, split } = draft;
      const content = toContent(json);
      if (itemId !== undefined && !taken.add(itemId)) return null;
      const id = itemId ?? freeId(`it_${content.hash.slice(0, HEX_OF_ID)}`);
      return encode({ itemId: id, inputs, expected, metadata, source, split }, content);
    },
  };

  function freeId(first: string): string {
    let id = first;
    for (let repeat = 2; !taken.add(id); repeat++) id = `${first}-${repeat}`;
    return id;
  }
}
export type RowEncoder = ReturnType<typeof createRowEncoder>;

/** A chunk's hash over its rows' hashes, and a version's hash over its chunks'. The prefixes differ. */
export const hashChunk = (rowHashes: readonly string[]) => hash("sha256", `chunk\n${rowHashes.join("\n")}`, "hex");
export const hashRoot = (chunkHashes: readonly string[]) => hash("sha256", `root\n${chunkHashes.join("\n")}`, "hex");

const tooLarge = (itemId: string) =>
  new AppError("invalid_request", {
    message: `The item "${itemId}" is larger than ${ITEM_LIMITS.bytes / 1_048_576} MiB of JSON. Store the large part elsewhere and refer to it.`,
    details: { itemId },
  });
