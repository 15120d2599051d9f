import type { Digest } from "./decode-request.ts";
import { mergeReports, messageOf, rejectedIn } from "./rejection-report.ts";

/** The merged result of a request that was read in shards. */
export type WholeDigest = Omit<Digest, "marks" | "told"> & {
  readonly rejected: number;
  /** Why some were rejected, or what else the sender should know; may be empty. */
  readonly message: string;
  /** Each thread's memory of it, by index. */
  readonly marks: readonly (Digest["marks"] | null)[];
};

/** The shares of one request as one. */
export function mergeDigests(digests: readonly Digest[], marks: WholeDigest["marks"]): WholeDigest {
  const report = mergeReports(digests.map((digest) => digest.told));
  return {
    encoded: digests.flatMap(({ encoded }) => encoded),
    objects: digests.flatMap(({ objects }) => objects),
    watched: digests.flatMap(({ watched }) => watched).sort((a, b) => a.index - b.index),
    received: digests.reduce((sum, { received }) => sum + received, 0),
    repeated: digests.reduce((sum, { repeated }) => sum + repeated, 0),
    rejected: rejectedIn(report),
    message: messageOf(report),
    marks,
  };
}
