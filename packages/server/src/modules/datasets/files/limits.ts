const MIB = 1024 * 1024;

/** How far a file may go. All that is beyond is an error of its line, or ends the reading with a sentence. */
export const FILE_LIMITS = {
  /** Bytes of one line, one record or one element of an array. */
  lineBytes: 16 * MIB,
  columns: 1_000,
  /** Bytes of a file after decompression. */
  unpackedBytes: 64 * 1024 * MIB,
  /** A gzip file that has given `bombBytes` and more than `bombRatio` bytes for each of its own holds nothing worth reading. */
  bombBytes: 64 * MIB,
  bombRatio: 250,
  /** Quotes that were opened and never closed, each of which is looked for up to the end of the longest record. */
  openQuotes: 10,
  parquet: {
    metadataBytes: 64 * MIB,
    groupBytes: 512 * MIB,
    groupRows: 2_000_000,
    pageBytes: 128 * MIB,
    heapMb: 1_536,
  },
} as const;

type Widen<T> = { readonly [K in keyof T]: T[K] extends number ? number : Widen<T[K]> };
export type FileLimits = Widen<typeof FILE_LIMITS>;
