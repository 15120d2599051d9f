import { formatCount, formatNumberOf } from "../../../../components/text/format.ts";
import type { Source } from "../shared/use-sources.ts";

export const KIND_WORDS: Readonly<Record<string, string>> = {
  upload: "Uploads",
  folder: "Folder",
  web: "Web site",
  git: "Git",
  s3: "S3 bucket",
};

/** Where the documents come from, in one line. */
export function placeWords(source: Source): string {
  const { folder, addresses, repository, branch, endpoint, bucket, prefix } = source;
  if (folder !== undefined) return folder;
  if (addresses?.[0] !== undefined)
    return addresses.length === 1 ? addresses[0] : `${addresses[0]} and ${addresses.length - 1} more`;
  if (repository !== undefined) return branch === undefined ? repository : `${repository}, ${branch}`;
  if (bucket !== undefined) return `${endpoint ?? ""}/${bucket}${prefix === undefined ? "" : `/${prefix}`}`;
  return "Files that people and programs upload";
}

/** What the last sync did, such as `3 added, 1 failed`. */
export function syncWords({ lastSync }: Pick<Source, "lastSync">): string {
  if (!lastSync) return "Not synchronised yet";
  const counts = (["added", "changed", "deleted", "failed", "unchanged"] as const)
    .filter((name) => lastSync[name] > 0)
    .map((name) => `${formatCount(lastSync[name])} ${name}`);
  return counts.join(", ") || "No documents";
}

/** How often a source is synchronised. */
export function scheduleWords({ everySeconds, isEnabled, kind }: Source): string {
  if (kind === "upload") return "";
  if (everySeconds === null) return "When requested";
  if (!isEnabled) return "Paused";
  if (everySeconds % 86_400 === 0)
    return everySeconds === 86_400 ? "Every day" : `Every ${formatNumberOf(everySeconds / 86_400, "day")}`;
  if (everySeconds % 3_600 === 0)
    return everySeconds === 3_600 ? "Every hour" : `Every ${formatNumberOf(everySeconds / 3_600, "hour")}`;
  return `Every ${formatNumberOf(Math.round(everySeconds / 60), "minute")}`;
}
