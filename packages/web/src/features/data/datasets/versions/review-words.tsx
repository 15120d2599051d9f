import type { Branch } from "@treadle/contract";

/** A review applies only to the version that was reviewed. */
export function ReviewWords({ branch }: { branch: Branch }) {
  const { review, version, name, base } = branch;
  if (name === "main") return <span className="text-muted">–</span>;
  if (version === null || version === base) return <span className="text-muted">no new versions</span>;
  if (!review || review.version !== version) return <span className="text-muted">waiting for review</span>;
  return review.verdict === "approve" ? (
    <span className="text-good">● approved by {review.reviewer}</span>
  ) : (
    <span className="text-bad">■ rejected by {review.reviewer}</span>
  );
}
