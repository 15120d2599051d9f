import { getRouteApi } from "@tanstack/react-router";
import { ApiError } from "../../../api.ts";
import { RunEnd } from "../../../components/feedback/run-end.tsx";
import { EmptyState, ErrorState, Skeleton } from "../../../components/feedback/states.tsx";
import { BackLink, PageHeader, Section } from "../../../components/layout/page.tsx";
import { formatCount, formatNumberOf, formatPercent } from "../../../components/text/format.ts";
import { UNIT_WORDS } from "../comparisons/index.ts";
import { AbTestActions } from "./ab-test-actions.tsx";
import { AbTestEvents } from "./ab-test-events.tsx";
import { AbTestState } from "./ab-test-words.tsx";
import { MetricTables } from "./metric-tables.tsx";
import { SegmentsSection } from "./segments-section.tsx";
import { SharesSection } from "./shares-section.tsx";
import { type AbTest, type Report, useAbTest, useReport } from "./use-ab-tests.ts";

const route = getRouteApi("/shell/ab-tests/$abTestId");

/** One A/B test: its arms, each metric with intervals and verdicts, segments, and its events. */
export function AbTestPage() {
  const { abTestId } = route.useParams();
  const { data, error, refetch } = useAbTest(abTestId);
  const back = <BackLink to="/ab-tests" label="A/B tests" />;
  if (error && !data)
    return (
      <>
        <PageHeader title="A/B test" back={back} />
        <LoadFailure error={error} retry={() => refetch()} />
      </>
    );
  return (
    <>
      <PageHeader
        title={data?.name ?? "A/B test"}
        back={back}
        beside={data && <HeaderState state={data.state} />}
        description={data ? wordsOf(data) : <Skeleton className="h-4 w-60" />}
        action={data && <AbTestActions test={data} />}
      />
      <div className="flex flex-col gap-4 px-6 pb-8 max-md:px-4">
        {data ? <Parts test={data} /> : <Skeleton className="h-52 rounded-card" />}
      </div>
    </>
  );
}

const HeaderState = ({ state }: Pick<AbTest, "state">) => (
  <span className="ml-2">
    <AbTestState state={state} />
  </span>
);

function LoadFailure({ error, retry }: { error: Error; retry: () => void }) {
  if (error instanceof ApiError && error.status === 404)
    return (
      <EmptyState title="A/B test not found">It may have been deleted, or it belongs to another project.</EmptyState>
    );
  return <ErrorState error={error} retry={retry} />;
}

function wordsOf({ endpoint, arms, control, unit, adaptive }: AbTest): string {
  const shares = arms.map(({ variant, share }) => `${variant} ${formatPercent(share)}`).join(", ");
  const holdout = adaptive ? ` in a holdout of ${formatPercent(adaptive.holdout)}` : "";
  return `${endpoint}: ${shares}${holdout}. The control is ${control}, compared by ${UNIT_WORDS[unit].toLowerCase()}.`;
}

function Parts({ test }: { test: AbTest }) {
  const report = useReport(test);
  if (test.state === "draft")
    return (
      <>
        <EmptyState title="This test has not started">Start it to divide the traffic and collect evidence.</EmptyState>
        <AbTestEvents test={test} />
      </>
    );
  const { data, error } = report;
  return (
    <>
      {test.winner && (
        <RunEnd tone="good" words={`${test.winner} won and has the weight of all variants of the test.`} />
      )}
      {error && !data && (
        <ErrorState error={error} retry={() => report.refetch()} title="The report could not be loaded" />
      )}
      {!error && !data && <Skeleton className="h-52 rounded-card" />}
      {data && !data.ratio.isEven && <RunEnd tone="bad" words={UNEVEN} />}
      <SharesSection test={test} />
      {data && <MetricTables test={test} report={data} />}
      <SegmentsSection test={test} />
      {data && <Counted report={data} />}
      <AbTestEvents test={test} />
    </>
  );
}

const UNEVEN = "The units are not divided as intended. Requests of a variant are lost, so do not trust the verdicts.";

/** What counts, and what does not, and why. */
function Counted({ report: { arms, excluded, ratio, alpha, comparisons } }: { report: Report }) {
  const rows = [
    ...arms.map(({ variant, units, requests }) => [
      formatNumberOf(units, "unit"),
      `of ${variant}, with ${formatNumberOf(requests, "request")}`,
    ]),
    [formatNumberOf(excluded.forced, "request"), "not counted: the variant came from the caller or the conversation"],
    [formatNumberOf(excluded.otherUnit, "request"), "not counted: another kind of unit"],
    [formatNumberOf(excluded.changedVariant, "unit"), "not counted: answered by more than one variant"],
    ...(excluded.outsideHoldout > 0
      ? [[formatNumberOf(excluded.outsideHoldout, "unit"), "not counted: outside the holdout"]]
      : []),
    [ratio.isEven ? "Even" : "Uneven", "division of the units, tested at each look"],
    [formatCount(comparisons), `comparisons, each at ${Number((alpha * 100).toPrecision(2))}% false verdicts`],
  ];
  return (
    <Section title="Counted">
      <dl className="grid grid-cols-[max-content_1fr] gap-x-4 gap-y-1 px-4 pb-4">
        {rows.map(([count, why]) => (
          <div key={why} className="contents">
            <dt className="num text-right">{count}</dt>
            <dd className="text-muted">{why}</dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}
