import { Section } from "../../../components/layout/page.tsx";
import { AgoCell } from "../../../components/table/cells.tsx";
import { formatCompact } from "../../../components/text/format.ts";
import { IssueLinks } from "./issue-links.tsx";
import type { IssueDetail } from "./use-issues.ts";

const MOST = 8;

/** The releases, prompt versions, models and endpoints that it occurs in. */
export function IssueValues({ issue, canWrite }: { issue: IssueDetail; canWrite: boolean }) {
  const lists = [
    ["Releases", issue.releases],
    ["Prompt versions", issue.promptVersions],
    ["Models", issue.models],
    ["Endpoints", issue.endpoints],
  ] as const;
  const shown = lists.filter(([, values]) => values.length > 0);
  return (
    <Section title="Seen in">
      <div className="flex flex-col gap-3 px-4 pb-4">
        {shown.length === 0 && <p className="text-muted">The traces name no release, prompt, model or endpoint.</p>}
        {shown.map(([label, values]) => (
          <ValueList key={label} label={label} values={values} />
        ))}
        <IssueLinks issue={issue} canWrite={canWrite} />
      </div>
    </Section>
  );
}

type ListProps = { label: string; values: IssueDetail["releases"] };

const ValueList = ({ label, values }: ListProps) => (
  <div>
    <h3 className="text-xs text-muted">{label}</h3>
    <ul>
      {values.slice(0, MOST).map(({ value, occurrences, lastSeenAt }) => (
        <li key={value} className="flex items-baseline gap-3">
          <span dir="auto" className="min-w-0 grow text-left [overflow-wrap:anywhere]">
            {value}
          </span>
          <span className="num text-xs text-muted">{formatCompact(occurrences)}</span>
          <span className="w-20 text-right text-xs">
            <AgoCell iso={lastSeenAt} />
          </span>
        </li>
      ))}
    </ul>
    {values.length > MOST && <p className="text-xs text-muted">{`and ${values.length - MOST} more`}</p>}
  </div>
);
