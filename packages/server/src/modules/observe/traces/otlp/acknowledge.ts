import { AppError } from "../../../../kernel/errors.ts";

/** The information about a request that is needed to store it. */
type Keepable = { readonly repeated: number; readonly marks: unknown };
type Deps<Digest extends Keepable> = {
  readonly keep: (projectId: string, digest: Digest) => Promise<void>;
  readonly forget: (marks: Digest["marks"]) => void;
};

/** Where keeping stood when a request was given to be read. */
export type Stand = { readonly failures: number };

/**
 * Stores the results of requests. Spans that came before are not stored again, so a request is acknowledged only when
 * the earlier ones are certainly stored: when all earlier requests are, and none has failed since this one was read.
 */
export function createAcknowledger<Digest extends Keepable>({ keep, forget }: Deps<Digest>) {
  const underWay = new Set<Promise<boolean>>();
  let failures = 0;

  async function checkRepeated(stand: Stand, earlier: readonly Promise<boolean>[]): Promise<void> {
    const areKept = (await Promise.all(earlier)).every(Boolean);
    if (areKept && failures === stand.failures) return;
    throw new AppError("unavailable", {
      message:
        "A part of this request was sent before and could not be stored then. Nothing was stored. Send it again.",
      retryAfterSeconds: 1,
    });
  }

  return {
    stand: (): Stand => ({ failures }),
    /** Throws the storage error, and `unavailable` if it is uncertain whether earlier spans are stored. */
    async keep(projectId: string, digest: Digest, stand: Stand): Promise<void> {
      const earlier = digest.repeated > 0 ? [...underWay] : null;
      const { promise, resolve } = Promise.withResolvers<boolean>();
      underWay.add(promise);
      let isKept = false;
      try {
        if (earlier) await checkRepeated(stand, earlier);
        await keep(projectId, digest);
        isKept = true;
      } finally {
        if (!isKept) {
          failures += 1;
          forget(digest.marks);
        }
        underWay.delete(promise);
        resolve(isKept);
      }
    },
  };
}
