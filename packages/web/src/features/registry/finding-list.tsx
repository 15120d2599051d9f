import type { Finding } from "./use-registry.ts";

const LOOKS: Readonly<Record<Finding["level"], string>> = {
  refused: "text-bad",
  "left out": "text-warn",
  warning: "text-warn",
  checked: "text-good",
};

/** What the scan says of each file. */
export const FindingList = ({ findings }: { findings: readonly Finding[] }) => (
  <ul aria-label="Findings" className="divide-y divide-line border-line border-t">
    {findings.map(({ path, level, message }) => (
      <li key={`${path} ${message}`} className="flex flex-col px-4 py-2 [overflow-wrap:anywhere]">
        <span className="flex flex-wrap items-baseline gap-x-2">
          <span className="font-medium">{path}</span>
          <span className={`whitespace-nowrap ${LOOKS[level]}`}>● {level}</span>
        </span>
        <span className="text-muted">{message}</span>
      </li>
    ))}
  </ul>
);
