import type { Digest } from "./order.ts";
import { messageOf, rejectedIn, tellTogether } from "./told.ts";

/** What became of a request that was read in shares. */
export type WholeDigest = Omit<Digest, "marks" | "told"> & {
  readonly rejected: number;
  /** Why some were rejected, or what else the sender should know; may be empty. */
  readonly message: string;
  /** What each thread remembers of it, by its place. */
  readonly marks: readonly (Digest["marks"] | null)[];
};

/** The shares of one request as one. */
export function mergeDigests(digests: readonly Digest[], marks: WholeDigest["marks"]): WholeDigest {
  const told = tellTogether(digests.map((digest) => digest.told));
  return {
    encoded: digests.flatMap(({ encoded }) => encoded),
    objects: digests.flatMap(({ objects }) => objects),
    watched: digests.flatMap(({ watched }) => watched).sort((a, b) => a.index - b.index),
    received: digests.reduce((sum, { received }) => sum + received, 0),
    repeated: digests.reduce((sum, { repeated }) => sum + repeated, 0),
    rejected: rejectedIn(told),
    message: messageOf(told),
    marks,
  };
}
