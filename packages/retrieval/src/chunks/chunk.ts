import type { BlockKind } from "./parsed-text.ts";

/** Changes whenever the same document and options can give other chunks than before. */
export const CHUNKING_VERSION = 1;

/** Counts the tokens of a text as the embedder does. It is called about once per sentence and once per chunk. */
export type CountTokens = (text: string) => number;

/**
 * What a chunk is for. A `chunk` is embedded and returned. With small-to-big, a `small` chunk is embedded, and a search returns its
 * `parent`, which is not embedded.
 */
export type ChunkRole = "chunk" | "parent" | "small";

/** A stretch of a document that is searched. It holds no text: `text.slice(start, end)` of the canonical text is exactly its text. */
export type Chunk = {
  /** The same for the same text in the same section of the same document, wherever the section is. */
  readonly chunkId: string;
  readonly role: ChunkRole;
  /** From 0, in the order of the text. Small chunks are counted separately. */
  readonly ordinal: number;
  /** UTF-16 offsets in the canonical text; the end is exclusive. */
  readonly start: number;
  readonly end: number;
  /** The kinds of blocks in it, each once, in the order of the text. */
  readonly kinds: readonly BlockKind[];
  /** The headings above it, highest first. */
  readonly headingPath: readonly string[];
  /** The first and last page, from 1; absent for formats without pages. */
  readonly page?: number;
  readonly lastPage?: number;
  /** Of its text, without prefix and table header. */
  readonly tokens: number;
  /** Of a small chunk: the chunk that a search returns. */
  readonly parentId?: string;
  /** Title and heading path, which are embedded with the text; empty where there are none. */
  readonly prefix: string;
  /** The header of a table that began in an earlier chunk. */
  readonly headerText?: string;
};

export type ChunkOptions = {
  /** The document's id, which is part of every chunk id. */
  readonly documentId: string;
  readonly countTokens: CountTokens;
  /** A hash of a text, such as SHA-256 in hexadecimal. Chunk ids are its results. */
  readonly hash: (text: string) => string;
  /** The size to aim for, in tokens; 400 when left out. */
  readonly targetTokens?: number;
  /** The embedder's window: prefix, table header and text together never have more tokens. 512 when left out. */
  readonly maxTokens?: number;
  /** How much of `targetTokens` a chunk repeats from the chunk before it in the same section, from 0 to 0.5; 0.12 when left out. */
  readonly overlapShare?: number;
  /** Whether groups of sentences are embedded and the chunks around them returned. Then chunks do not overlap. */
  readonly isSmallToBig?: boolean;
  /** The size of a small chunk, in tokens; 128 when left out. */
  readonly smallTokens?: number;
};

export type ReadOptions = Required<ChunkOptions>;

const LEAST_TOKENS = 16;

/** The options with their defaults. Throws a RangeError that names the first option out of its range. */
export function readOptions(options: ChunkOptions): ReadOptions {
  const maxTokens = options.maxTokens ?? 512;
  const read = {
    ...options,
    maxTokens,
    targetTokens: options.targetTokens ?? 400,
    overlapShare: options.overlapShare ?? 0.12,
    isSmallToBig: options.isSmallToBig ?? false,
    smallTokens: options.smallTokens ?? 128,
  };
  for (const name of ["maxTokens", "targetTokens", "smallTokens"] as const)
    if (!Number.isInteger(read[name]) || read[name] < LEAST_TOKENS)
      throw new RangeError(`${name} is ${read[name]}. Pass a whole number of at least ${LEAST_TOKENS}.`);
  if (!(read.overlapShare >= 0 && read.overlapShare <= 0.5))
    throw new RangeError(`overlapShare is ${read.overlapShare}. Pass a number from 0 to 0.5.`);
  if (read.documentId === "") throw new RangeError("documentId is empty. Pass the id of the document.");
  return read;
}

/** Whether a chunk gets a vector. */
export const isEmbedded = ({ role }: Pick<Chunk, "role">): boolean => role !== "parent";

/** What is embedded for a chunk: its prefix, the header of its table and its text, each on separate lines. */
export const embeddingText = (chunk: Pick<Chunk, "start" | "end" | "prefix" | "headerText">, text: string): string =>
  withContext(chunk, text.slice(chunk.start, chunk.end));

/** A text after the prefix and the table header that belong to it. */
export const withContext = ({ prefix, headerText }: Pick<Chunk, "prefix" | "headerText">, text: string): string =>
  [prefix, headerText ?? "", text].filter((part) => part !== "").join("\n");
