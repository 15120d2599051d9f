import { formatDuration } from "../../../../components/text/format.ts";
import { OutcomeBadge } from "../shared/action-badge.tsx";
import { detectorLabel } from "../shared/detector-words.ts";
import { scoreWords } from "../shared/score-words.ts";
import { type ListedCheck, reasonLabel } from "./read-guard-facts.ts";

/** All checks of a stage, the clean ones too. */
export const CheckList = ({ checks }: { checks: readonly ListedCheck[] }) => (
  <ul className="divide-y divide-line">
    {checks.map((check) => (
      <li key={check.rule} className="px-3 py-1.5">
        <p className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
          <span className="[overflow-wrap:anywhere]">
            {check.detector === "" ? "Missing detector" : detectorLabel(check.detector)}
            {check.count > 1 && <span className="num text-muted"> ×{check.count}</span>}
          </span>
          <Outcome check={check} />
          {check.ms !== null && <span className="num ml-auto text-xs text-muted">{formatDuration(check.ms)}</span>}
        </p>
        <span className="num block text-xs text-muted">{wordsOf(check)}</span>
      </li>
    ))}
  </ul>
);

/** Content that was not scanned is not clean. */
function Outcome({ check: { action, texts, missed } }: { check: ListedCheck }) {
  if (action !== "allow" || missed.length === 0) return <OutcomeBadge action={action} />;
  return (
    <span className="inline-flex shrink-0 rounded border border-transparent bg-warn-soft px-1.5 text-xs whitespace-nowrap text-warn">
      {texts === 0 ? "Not scanned" : "Partly scanned"}
    </span>
  );
}

/** Such as *rule 1, 2 texts, score 0.98 of at least 0.5*. */
function wordsOf({ rule, texts, score, threshold, missed }: ListedCheck): string {
  const words = [`rule ${rule + 1}`, texts === 1 ? "1 text" : `${texts} texts`];
  if (score !== null)
    words.push(`score ${scoreWords(score)}${threshold === null ? "" : `, from ${scoreWords(threshold)} on`}`);
  if (missed.length > 0) words.push(`not scanned: ${missed.map((one) => reasonLabel(one).toLowerCase()).join(", ")}`);
  return words.join(", ");
}
