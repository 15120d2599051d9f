import type { Readable } from "node:stream";

/** Bytes by the SHA-256 of their content. A client never names a path. */
export type Objects = {
  readonly engine: string;
  /** Stores a stream and gives its SHA-256 in hexadecimal. The same content twice is stored once. */
  put(content: Readable | Uint8Array): Promise<{ sha256: string; sizeBytes: number }>;
  /** All bytes, or those of a range (its end left out). Throws `not_found` for a hash that is not stored. */
  get(sha256: string, range?: { readonly start: number; readonly end: number }): Promise<Readable>;
  /** The bytes of a range in pieces, each of which is there only until the next is asked for. So nothing is allotted for a long one. */
  lend(sha256: string, range: { readonly start: number; readonly end: number }): AsyncIterable<Uint8Array>;
  /** Puts the content at a path of this machine for a program that reads files, without a copy where the disk allows it. Such a file is never written to. */
  place(sha256: string, path: string): Promise<void>;
  has(sha256: string): Promise<boolean>;
  delete(sha256: string): Promise<void>;
  sizeBytes(): Promise<number>;
};
