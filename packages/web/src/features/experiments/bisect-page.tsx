import { getRouteApi, Link } from "@tanstack/react-router";
import { ApiError } from "../../api.ts";
import { formatNumberOf } from "../../components/format.ts";
import { JobProgress } from "../../components/job-progress.tsx";
import { BackLink, PageHeader, Section } from "../../components/page.tsx";
import { EmptyState, ErrorState, Skeleton } from "../../components/states.tsx";
import { useProject } from "../session/index.ts";
import { BisectFinding } from "./bisect-finding.tsx";
import { BisectPath } from "./bisect-path.tsx";
import { spentWords } from "./experiment-progress.tsx";
import { type Bisect, useBisect, useBisectChanges, useBisectJob } from "./use-bisects.ts";
import { useRunsById } from "./use-runs.ts";
import type { Output } from "./words.ts";

const route = getRouteApi("/shell/experiments/bisects/$bisectId");
const OUTCOMES: Readonly<Record<NonNullable<Bisect["outcome"]>, string>> = {
  found: "Found",
  "nothing-to-find": "Nothing to find",
  undecided: "Not decided",
  budget: "The budget was used up",
};

/** The search for the change that made a score fall: the way between two runs, what was looked at on it, and what was found. */
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
          <EmptyState title="There is no such search">It may belong to another project.</EmptyState>
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
      What made <span className="font-medium">{scorer}</span> fall between {good.name} and {bad.name}.{" "}
      <Link
        to="/experiments/compare"
        search={{ base: good.runId, heads: bad.runId }}
        className="underline underline-offset-2"
      >
        Compare them
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
        <BisectFinding key={finding.step.index} {...{ finding, output }} />
      ))}
      <Section
        title="The way from the good run to the bad one"
        description={`${formatNumberOf(bisect.steps.length, "change")}, one at a time. States between them are looked at until it is known on which side of the fall they lie.`}
      >
        <BisectPath {...{ bisect, output }} />
      </Section>
      <p className="num text-xs text-muted">{spentWords(bisect)}</p>
    </>
  );
}

/** How far it is; then what came of it, in a word and a sentence. */
function Progress({ bisect }: { bisect: Bisect }) {
  const { can } = useProject();
  const { cancel } = useBisectChanges();
  const on = useBisectJob(bisect);
  const { outcome, message, status, bisectId } = bisect;
  if (on)
    return (
      <div className="card p-4">
        {on.job ? (
          <JobProgress
            job={on.job}
            onCancel={can("experiments:write") ? () => cancel.mutate(bisectId) : undefined}
            isBusy={cancel.isPending}
          />
        ) : (
          <p className="text-muted">Waiting for its turn.</p>
        )}
      </div>
    );
  const look = outcome === "found" ? "bg-accent-soft" : status === "failed" ? "bg-bad-soft" : "bg-warn-soft";
  return (
    <p role="status" className={`rounded-control px-3 py-2 [overflow-wrap:anywhere] ${look}`}>
      <span className="font-semibold">{outcome === null ? status : OUTCOMES[outcome]}.</span> {message}
    </p>
  );
}
