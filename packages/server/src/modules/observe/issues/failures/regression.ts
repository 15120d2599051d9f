import type { IssueResolution } from "@treadle/contract";
import { compareReleases } from "./compare-releases.ts";
import type { Failure } from "./failure.ts";

export type Resolved = { readonly resolution: IssueResolution; readonly resolvedAt: Date };
/** When the first span of each release started, in milliseconds. */
export type ReleaseStarts = ReadonlyMap<string, number>;

type Occurrence = Pick<Failure, "at" | "release" | "promptName" | "promptVersion">;

/**
 * Whether an occurrence shows that the fix does not work: it is from the version of the fix or a later one. An occurrence of an
 * older version never does. An occurrence without a version counts if it is from after the fix.
 */
export function isRegression(occurrence: Occurrence, { resolution, resolvedAt }: Resolved, starts: ReleaseStarts) {
  const isAfter = occurrence.at > resolvedAt;
  switch (resolution.kind) {
    case "time":
      return isAfter;
    case "release":
      return occurrence.release === "" ? isAfter : isFixed(occurrence.release, { resolution, resolvedAt }, starts);
    case "promptVersion":
      return occurrence.promptName === resolution.promptName
        ? isLaterVersion(occurrence.promptVersion, resolution.promptVersion, isAfter)
        : occurrence.promptName === "" && isAfter;
    default:
      return resolution satisfies never;
  }
}

type InRelease = { readonly resolution: Extract<IssueResolution, { kind: "release" }>; readonly resolvedAt: Date };

function isFixed(release: string, { resolution, resolvedAt }: InRelease, starts: ReleaseStarts): boolean {
  if (release === resolution.release) return true;
  const order = compareReleases(release, resolution.release);
  if (order !== null) return order > 0;
  const start = starts.get(release);
  // A release that nothing was received from starts after the issue was resolved.
  const fixStart = starts.get(resolution.release) ?? resolvedAt.getTime();
  return start !== undefined && start > fixStart;
}

function isLaterVersion(version: string, fixed: string, isAfter: boolean): boolean {
  if (version === "") return isAfter;
  const order = compareReleases(version, fixed);
  return order === null ? version === fixed : order >= 0;
}

/** The releases whose starts are needed to decide. */
export const releasesToOrder = (failures: readonly Occurrence[], { resolution }: Resolved): readonly string[] =>
  resolution.kind === "release"
    ? [
        resolution.release,
        ...new Set(
          failures
            .map(({ release }) => release)
            .filter((release) => release !== "" && compareReleases(release, resolution.release) === null),
        ),
      ]
    : [];
