const MIB = 1024 * 1024;

/** The limits of a file. Exceeding one is an error of its line, or ends the reading with an error. */
export const FILE_LIMITS = {
  /** Bytes of one line, one record or one element of an array. */
  lineBytes: 16 * MIB,
  columns: 1_000,
  /** Bytes of a file after decompression. */
  unpackedBytes: 64 * 1024 * MIB,
  /**
   * A gzip file that has produced `bombBytes`, and more than `bombRatio` bytes per compressed byte, is rejected as a
   * bomb.
   */
  bombBytes: 64 * MIB,
  bombRatio: 250,
  /** The limit of unclosed quotes, each of which is searched up to the longest record. */
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
