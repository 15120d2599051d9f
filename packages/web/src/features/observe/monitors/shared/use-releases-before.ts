import { useQuery } from "@tanstack/react-query";
import type { Answer } from "../../../../api.ts";
import { useProject } from "../../../system/session/index.ts";

type Evidence = NonNullable<Answer<"GET /api/v1/incidents/:incidentId/snapshots/:snapshotId">["evidence"]>;
type ReleaseChange = Pick<Evidence["changes"][number], "at" | "kind" | "title">;

/** The evidence of a new incident is collected within seconds. */
const PACE_MS = 30_000;
/** Changes after which the values can be different for good. */
const RELEASES = ["first-seen", "prompt.label.", "model-alias.", "rollout.", "deployment.", "endpoint."];

/** What became live shortly before an incident began, newest first. */
export function useReleasesBefore(incidentId: string | null) {
  const { id, client, can } = useProject();
  return useQuery<ReleaseChange[] | null>({
    queryKey: ["incidents", id, incidentId, "releases"],
    enabled: incidentId !== null && can("incidents:read"),
    refetchInterval: ({ state }) => (state.data === null ? PACE_MS : false),
    queryFn: async ({ signal }) => {
      const params = { incidentId: incidentId ?? "" };
      const { evidence } = await client.call("GET /api/v1/incidents/:incidentId", { params, signal });
      if (evidence?.state !== "ready") return null;
      const place = { ...params, snapshotId: evidence.snapshotId };
      const snapshot = await client.call("GET /api/v1/incidents/:incidentId/snapshots/:snapshotId", {
        params: place,
        signal,
      });
      return releasesOf(snapshot.evidence?.changes ?? []);
    },
  });
}

export const releasesOf = <Change extends ReleaseChange>(changes: readonly Change[]): Change[] =>
  changes.filter(({ kind }) => RELEASES.some((prefix) => kind.startsWith(prefix)));

/** For example `Shortly before this change: Release 2.1 appears for the first time, and 2 more changes.` */
export function releaseWords([newest, ...others]: readonly ReleaseChange[]): string {
  const more = others.length === 0 ? "" : `, and ${others.length} more ${others.length === 1 ? "change" : "changes"}`;
  return `Shortly before this change: ${newest?.title ?? ""}${more}.`;
}
