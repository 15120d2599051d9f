import { getRouteApi } from "@tanstack/react-router";
import { ErrorState, Skeleton } from "../../../components/feedback/states.tsx";
import { BackLink, PageHeader, Section } from "../../../components/layout/page.tsx";
import { AgoCell } from "../../../components/table/cells.tsx";
import { formatCount } from "../../../components/text/format.ts";
import { useProject } from "../../system/session/index.ts";
import { IssueActions } from "./issue-actions.tsx";
import { IssueActivities } from "./issue-activities.tsx";
import { IssueDiscussion } from "./issue-discussion.tsx";
import { IssueFingerprints } from "./issue-fingerprints.tsx";
import { IssueOccurrences } from "./issue-occurrences.tsx";
import { IssueTrend } from "./issue-trend.tsx";
import { IssueValues } from "./issue-values.tsx";
import { IssueStateBadge, KIND_WORDS, resolutionWords, titleWords } from "./issue-words.tsx";
import { type IssueDetail, useIssue } from "./use-issues.ts";

const route = getRouteApi("/shell/issues/$issueId");

/** One issue: its trend, where it occurs, its occurrences and what people did about it. */
export function IssuePage() {
  const { issueId } = route.useParams();
  const issue = useIssue(issueId);
  const canWrite = useProject().can("incidents:write");
  if (issue.error && !issue.data)
    return <ErrorState error={issue.error} retry={() => issue.refetch()} title="The issue could not be loaded" />;
  if (!issue.data) return <Loading />;
  return (
    <>
      <PageHeader
        title={titleWords(issue.data)}
        back={<BackLink to="/issues" label="Issues" />}
        description={<Facts issue={issue.data} />}
        action={canWrite && <IssueActions issue={issue.data} />}
      />
      <Parts issue={issue.data} canWrite={canWrite} />
    </>
  );
}

const Parts = ({ issue, canWrite }: { issue: IssueDetail; canWrite: boolean }) => (
  <div className="grid gap-4 px-6 pb-8 max-md:px-4 xl:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
    <div className="flex min-w-0 flex-col gap-4">
      <Numbers issue={issue} />
      <IssueTrend issueId={issue.issueId} />
      <IssueOccurrences issue={issue} />
      <IssueFingerprints key={issue.fingerprintCount} issue={issue} canWrite={canWrite} />
    </div>
    <div className="flex min-w-0 flex-col gap-4">
      <IssueValues issue={issue} canWrite={canWrite} />
      <IssueDiscussion issueId={issue.issueId} canWrite={canWrite} />
      <IssueActivities issueId={issue.issueId} canWrite={canWrite} />
    </div>
  </div>
);

const Loading = () => (
  <div aria-busy className="flex flex-col gap-4 px-6 pt-5 max-md:px-4">
    <Skeleton className="h-7 w-80 max-w-full" />
    <Skeleton className="h-16 w-full" />
    <Skeleton className="h-48 w-full" />
  </div>
);

const Facts = ({ issue }: { issue: IssueDetail }) => (
  <span className="flex flex-wrap items-center gap-x-3">
    <IssueStateBadge state={issue.state} />
    <span>{KIND_WORDS[issue.kind]}</span>
    {issue.resolution && <span className="[overflow-wrap:anywhere]">{resolutionWords(issue)}</span>}
    <span>{issue.assignee ? `Assigned to ${issue.assignee.name}` : "Unassigned"}</span>
  </span>
);

function Numbers({ issue }: { issue: IssueDetail }) {
  const facts = [
    ["Occurrences", formatCount(issue.occurrences)],
    ["Users", formatCount(issue.users)],
    ["Sessions", formatCount(issue.sessions)],
    ["First seen", <AgoCell key="first" iso={issue.firstSeenAt} />],
    ["Last seen", <AgoCell key="last" iso={issue.lastSeenAt} />],
    ["Regressions", formatCount(issue.regressions)],
  ] as const;
  return (
    <Section title="Facts">
      <dl className="grid grid-cols-3 gap-x-4 gap-y-3 px-4 pb-4 sm:grid-cols-6">
        {facts.map(([label, value]) => (
          <div key={label} className="min-w-0">
            <dt className="text-xs text-muted">{label}</dt>
            <dd className="num font-medium">{value}</dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}
