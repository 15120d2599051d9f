import { getRouteApi, Link } from "@tanstack/react-router";
import { ApiError } from "../../../../api.ts";
import { EmptyState, ErrorState, Skeleton } from "../../../../components/feedback/states.tsx";
import { BackLink, PageHeader, Section } from "../../../../components/layout/page.tsx";
import { formatNumberOf } from "../../../../components/text/format.ts";
import { RunPanel, useRunLifecycle } from "../../../system/jobs/index.ts";
import { spentWords } from "../shared/experiment-progress.tsx";
import { useRunsById } from "../shared/use-runs.ts";
import type { Output } from "../shared/words.ts";
import { BisectFinding } from "./bisect-finding.tsx";
import { BisectPath } from "./bisect-path.tsx";
import { type Bisect, useBisect, useBisectChanges } from "./use-bisects.ts";

const route = getRouteApi("/shell/experiments/bisects/$bisectId");
const OUTCOMES: Readonly<Record<NonNullable<Bisect["outcome"]>, string>> = {
  found: "Found",
  "nothing-to-find": "No drop found",
  undecided: "Inconclusive",
  budget: "Budget used up",
};

/** The search for the change that lowered a score: the changes between two runs, the tested states, and the result. */
export function BisectPage() {
  const { bisectId } = route.useParams();
  const { data: bisect, error, refetch } = useBisect(bisectId);
  return (
    <div className="flex h-full min-w-0 flex-col">
      <PageHeader
        title="Find the change"
        back={<BackLink to="/experiments" label="Experiments" />}
        description={bisect ? <Ends bisect={bisect} /> : <Skeleton className="h-4 w-60" />}
      />
      <div className="flex flex-col gap-4 px-6 pt-4 pb-8 max-md:px-4">
        {bisect ? (
          <Content bisect={bisect} />
        ) : error instanceof ApiError && error.status === 404 ? (
          <EmptyState title="Search not found">It may belong to another project.</EmptyState>
        ) : error ? (
          <ErrorState error={error} retry={() => refetch()} title="The search could not be loaded" />
        ) : (
          <Skeleton className="h-52 rounded-card" />
        )}
      </div>
    </div>
  );
}

function Ends({ bisect: { good, bad, scorer } }: { bisect: Bisect }) {
  return (
    <>
      Finds which change lowered <span className="font-medium">{scorer}</span> between {good.name} and {bad.name}.{" "}
      <Link
        to="/experiments/compare"
        search={{ base: good.runId, heads: bad.runId }}
        className="underline underline-offset-2"
      >
        Compare runs
      </Link>
    </>
  );
}

const NO_OUTPUT: Output = { type: "number", min: null, max: null, direction: "higher", unit: "" };

function Content({ bisect }: { bisect: Bisect }) {
  const { runs } = useRunsById([bisect.bad.runId]);
  const output = runs[0]?.scorers.find(({ key }) => key === bisect.scorer)?.output ?? NO_OUTPUT;
  return (
    <>
      <Progress bisect={bisect} />
      {bisect.findings.map((finding) => (
        <BisectFinding key={finding.step.index} finding={finding} output={output} />
      ))}
      <Section
        title="Changes from the good run to the bad run"
        description={`${formatNumberOf(bisect.steps.length, "change")}, applied one at a time. The search tests the states in between until it finds where the score dropped.`}
      >
        <BisectPath bisect={bisect} output={output} />
      </Section>
      <p className="num text-xs text-muted">{spentWords(bisect)}</p>
    </>
  );
}

/** The progress, and then the result. */
function Progress({ bisect }: { bisect: Bisect }) {
  const { cancel } = useBisectChanges();
  const { bisectId, outcome, message, status } = bisect;
  const run = useRunLifecycle({
    id: bisectId,
    run: bisect,
    reload: ["bisects"],
    permission: "experiments:write",
    cancel,
  });
  const words = (
    <>
      <span className="font-semibold">{outcome === null ? status : OUTCOMES[outcome]}.</span> {message}
    </>
  );
  return (
    <RunPanel run={run} ended={{ tone: outcome === "found" ? "good" : status === "failed" ? "bad" : "warn", words }} />
  );
}
