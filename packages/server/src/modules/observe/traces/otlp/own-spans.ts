import type { Span } from "@treadle/contract";
import type { Clock } from "../../../../kernel/clock.ts";
import type { PrivacyRules } from "../../redaction/index.ts";
import type { LiveSpans } from "../reads/live-spans.ts";
import type { DigestThreads } from "./digest/digest-threads.ts";
import type { WholeDigest } from "./digest/merge-digests.ts";

type Deps = {
  readonly threads: Pick<DigestThreads, "digest">;
  readonly keep: (projectId: string, digest: WholeDigest) => Promise<void>;
  readonly live: Pick<LiveSpans, "isWatched">;
  readonly clock: Clock;
};
export type OwnSpans = ReturnType<typeof createOwnSpans>;

/** Spans of the contract whose project has rules: redacted on the threads that read requests, and then stored. */
export function createOwnSpans({ threads, keep, live, clock }: Deps) {
  const running = new Set<Promise<void>>();

  async function redactAndKeep(projectId: string, spans: readonly Span[], privacy: PrivacyRules): Promise<void> {
    const order = { signal: "spans", isProtobuf: false, bytes: Buffer.from(JSON.stringify(spans)) } as const;
    const isWatched = live.isWatched(projectId);
    const digest = await threads.digest({ ...order, projectId, isWatched, now: clock.now(), prices: [], privacy });
    await keep(projectId, digest);
  }

  return {
    /** Resolves once they are on disk. Throws while the threads have too much to do. */
    async store(projectId: string, spans: readonly Span[], privacy: PrivacyRules): Promise<void> {
      const storing = redactAndKeep(projectId, spans, privacy);
      running.add(storing);
      try {
        await storing;
      } finally {
        running.delete(storing);
      }
    },
    /** Resolves when everything handed in so far is on disk or failed. */
    async settle(): Promise<void> {
      await Promise.allSettled(running);
    },
  };
}
