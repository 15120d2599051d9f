import type { Readable } from "node:stream";

/** Bytes by the SHA-256 of their content. A client never names a path. */
export type Objects = {
  readonly engine: string;
  /** Stores a stream and gives its SHA-256 in hexadecimal. The same content twice is stored once. */
  put(content: Readable | Uint8Array): Promise<{ sha256: string; sizeBytes: number }>;
  /** All bytes, or a range with an exclusive end. Throws `not_found` for an unknown hash. */
  get(sha256: string, range?: { readonly start: number; readonly end: number }): Promise<Readable>;
  /**
   * The bytes of a range in chunks. Each is valid only until the next is requested, so that a long range needs no
   * allocation.
   */
  lend(sha256: string, range: { readonly start: number; readonly end: number }): AsyncIterable<Uint8Array>;
  /**
   * Links the content to a local path for a program that reads files, without a copy if the disk allows it. Such a file
   * is never written to.
   */
  place(sha256: string, path: string): Promise<void>;
  has(sha256: string): Promise<boolean>;
  delete(sha256: string): Promise<void>;
  sizeBytes(): Promise<number>;
};
