import { AppError } from "../../../kernel/errors.ts";

/** What a keeper has to know of what it keeps. */
type Keepable = { readonly repeated: number; readonly marks: unknown };
type Deps<Digest extends Keepable> = {
  readonly keep: (projectId: string, digest: Digest) => Promise<void>;
  readonly forget: (marks: Digest["marks"]) => void;
};

/** Where keeping stood when a request was given to be read. */
export type Stand = { readonly failures: number };

/**
 * Keeps what became of requests. What of a request came before is not kept again, and so the request is acknowledged only when
 * that is certainly kept: when all those under way are, and none has failed since this one was given to be read.
 */
export function createKeeper<Digest extends Keepable>({ keep, forget }: Deps<Digest>) {
  const underWay = new Set<Promise<boolean>>();
  let failures = 0;

  async function checkRepeated(stand: Stand, earlier: readonly Promise<boolean>[]): Promise<void> {
    const areKept = (await Promise.all(earlier)).every(Boolean);
    if (areKept && failures === stand.failures) return;
    throw new AppError("unavailable", {
      message: "Some of this was sent before and could not be kept then. Nothing was kept; send it again.",
      retryAfterSeconds: 1,
    });
  }

  return {
    stand: (): Stand => ({ failures }),
    /** Throws what keeping threw, and `unavailable` when it is not certain that what came before is kept. */
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
