import type { Span } from "./finding.ts";

/** A text with each finding replaced. Findings are in order and do not overlap, as `findAll` returns them. */
export function replaceFindings<Found extends Span>(
  text: string,
  findings: readonly Found[],
  replace: (value: string, finding: Found) => string,
): string {
  const parts: string[] = [];
  let from = 0;
  for (const finding of findings) {
    parts.push(text.slice(from, finding.start), replace(text.slice(finding.start, finding.end), finding));
    from = finding.end;
  }
  return parts.length === 0 ? text : parts.join("") + text.slice(from);
}
