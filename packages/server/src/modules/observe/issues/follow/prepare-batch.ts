import { newId } from "../../../../kernel/ids.ts";
import { type Failure, groupKeyOf } from "../failures/failure.ts";
import { joinFingerprints } from "../failures/join-fingerprints.ts";
import { releasesToOrder } from "../failures/regression.ts";
import type { IssuesDeps } from "../stores/deps.ts";
import type { FailureStore } from "../stores/failure-store.ts";
import { createFingerprintStore } from "../stores/fingerprint-store.ts";
import type { FollowRow } from "../stores/follow-store.ts";
import { createIssueStore } from "../stores/issue-store.ts";
import type { Batch } from "./react-to-failures.ts";

/** More characters do not change what a message means. */
const MOST_EMBEDDED = 200;
type Deps = Pick<IssuesDeps, "db" | "clock" | "log" | "embed">;

/** Finds the issues of new fingerprints. No transaction is open, because the model may take a while. */
export function createPreparing(deps: Deps, store: FailureStore) {
  const { db, clock } = deps;
  return async function prepare(row: FollowRow, found: readonly Failure[], signal: AbortSignal): Promise<Batch> {
    const { projectId, settings } = row;
    const fingerprints = createFingerprintStore(db);
    const unique = [...new Map(found.map((one) => [one.fingerprint, one])).values()];
    const known = await fingerprints.findMany(
      projectId,
      unique.map(({ fingerprint }) => fingerprint),
    );
    const isKnown = new Set(known.map(({ fingerprint }) => fingerprint));
    const added = unique.filter(({ fingerprint }) => !isKnown.has(fingerprint));
    const vectorOf = settings.joinsByMeaning ? await embed(deps, added, signal) : new Map<string, readonly number[]>();
    const keys = [...new Set(added.map(groupKeyOf))];
    const issueOf = joinFingerprints(
      added.map((one) => ({ ...one, vector: vectorOf.get(one.fingerprint) ?? null })),
      settings.joinsByMeaning ? await fingerprints.listCandidates(projectId, keys) : [],
      () => newId("issue", clock.now()),
    );
    const issueIds = [...known.map(({ issueId }) => issueId), ...issueOf.values()];
    const releases = await releasesOf(deps, { projectId, issueIds, found });
    return { failures: found, issueOf, vectorOf, starts: await store.releaseStarts(projectId, releases), settings };
  };
}

/** Vectors of the messages of new fingerprints. Without the model, issues are joined by their fingerprints only. */
async function embed(deps: Deps, added: readonly Failure[], signal: AbortSignal): Promise<Batch["vectorOf"]> {
  const worded = added.filter(({ message }) => message !== "");
  if (worded.length === 0) return new Map();
  try {
    const texts = worded.map(({ message }) => message.slice(0, MOST_EMBEDDED));
    const vectors = await deps.embed(texts, signal);
    return new Map(worded.map(({ fingerprint }, place) => [fingerprint, vectors[place] ?? []]));
  } catch (error) {
    signal.throwIfAborted();
    deps.log.warn({ error }, "messages of issues could not be embedded, so they are not joined by meaning");
    return new Map();
  }
}

type Around = {
  readonly projectId: string;
  readonly issueIds: readonly string[];
  readonly found: readonly Failure[];
};

/** The releases whose order decides whether a resolved issue regresses. */
async function releasesOf({ db }: Pick<Deps, "db">, { projectId, issueIds, found }: Around): Promise<string[]> {
  const rows = await createIssueStore(db).findMany(projectId, [...new Set(issueIds)]);
  return rows.flatMap(({ state, resolution, resolvedAt }) =>
    state === "resolved" && resolution && resolvedAt ? releasesToOrder(found, { resolution, resolvedAt }) : [],
  );
}
