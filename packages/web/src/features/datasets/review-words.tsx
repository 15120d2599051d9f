import type { Branch } from "@treadle/contract";

/** A review counts for the version that was looked at and for no newer one. */
export function ReviewWords({ branch }: { branch: Branch }) {
  const { review, version, name, base } = branch;
  if (name === "main") return <span className="text-muted">–</span>;
  if (version === null || version === base) return <span className="text-muted">nothing new</span>;
  if (!review || review.version !== version) return <span className="text-muted">waits for a review</span>;
  return review.verdict === "approve" ? (
    <span className="text-good">● approved by {review.reviewer}</span>
  ) : (
    <span className="text-bad">■ rejected by {review.reviewer}</span>
  );
}
