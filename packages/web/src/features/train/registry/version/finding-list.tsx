import type { Finding } from "../shared/use-registry.ts";

const LEVELS: Readonly<Record<Finding["level"], { readonly word: string; readonly look: string }>> = {
  refused: { word: "rejected", look: "text-bad" },
  "left out": { word: "skipped", look: "text-warn" },
  warning: { word: "warning", look: "text-warn" },
  checked: { word: "checked", look: "text-good" },
};

/** The scan result for each file. */
export const FindingList = ({ findings }: { findings: readonly Finding[] }) => (
  <ul aria-label="Findings" className="divide-y divide-line border-line border-t">
    {findings.map(({ path, level, message }) => (
      <li key={`${path} ${message}`} className="flex flex-col px-4 py-2 [overflow-wrap:anywhere]">
        <span className="flex flex-wrap items-baseline gap-x-2">
          <span className="font-medium">{path}</span>
          <span className={`whitespace-nowrap ${LEVELS[level].look}`}>● {LEVELS[level].word}</span>
        </span>
        <span className="text-muted">{message}</span>
      </li>
    ))}
  </ul>
);
