import { getRouteApi, Link } from "@tanstack/react-router";
import { Route } from "lucide-react";
import type { ComponentProps } from "react";
import { RunEnd } from "../../../components/feedback/run-end.tsx";
import { EmptyState, ErrorState, Skeleton } from "../../../components/feedback/states.tsx";
import { buttonLook } from "../../../components/form/button.tsx";
import { PageHeader } from "../../../components/layout/page.tsx";
import { useEndpointChoices } from "../../system/choices/index.ts";
import { useProject } from "../../system/session/index.ts";
import { FrontierChart } from "./frontier-chart.tsx";
import { FrontierFields } from "./frontier-fields.tsx";
import { FrontierTable } from "./frontier-table.tsx";
import { type Frontier, type FrontierVariant, useFrontier } from "./use-frontier.ts";

const route = getRouteApi("/shell/frontier");

/** Cost against quality over the variants of an endpoint, and the cheapest that is not worse than the current one. */
export function FrontierPage() {
  const search = route.useSearch();
  const choices = useEndpointChoices();
  const { data: endpoints, error } = choices;
  const endpoint = endpoints?.find(({ endpointId }) => endpointId === search.endpoint) ?? endpoints?.[0];
  return (
    <>
      <PageHeader
        title="Cost and quality"
        description="What each variant of an endpoint costs, and how good it is, from live requests."
      />
      <div className="flex flex-col gap-4 px-6 pb-8 max-md:px-4">
        {error && !endpoints && (
          <ErrorState error={error} retry={() => choices.refetch()} title="The endpoints could not be loaded" />
        )}
        {!error && !endpoints && <Skeleton className="h-72 rounded-card" />}
        {endpoints && !endpoint && <NoEndpoints />}
        {endpoints && endpoint && <Chosen endpoints={endpoints} endpointId={endpoint.endpointId} />}
      </div>
    </>
  );
}

type ChosenProps = { endpoints: ComponentProps<typeof FrontierFields>["endpoints"]; endpointId: string };

const Chosen = ({ endpoints, endpointId }: ChosenProps) => (
  <>
    <FrontierFields key={endpointId} endpoints={endpoints} endpointId={endpointId} search={route.useSearch()} />
    <Found endpointId={endpointId} />
  </>
);

const NoEndpoints = () => (
  <EmptyState
    title="No endpoints yet"
    icon={<Route size={22} />}
    action={
      <Link to="/endpoints" className={buttonLook("primary")}>
        Go to endpoints
      </Link>
    }
  >
    Variants of an endpoint are compared here once they have answered requests.
  </EmptyState>
);

function Found({ endpointId }: { endpointId: string }) {
  const frontier = useFrontier(endpointId, route.useSearch());
  const { data, error } = frontier;
  if (error && !data)
    return <ErrorState error={error} retry={() => frontier.refetch()} title="The comparison could not be loaded" />;
  if (!data) return <Skeleton className="h-72 rounded-card" />;
  if (data.variants.every(({ cost, quality }) => cost.mean === null || quality.mean === null))
    return (
      <EmptyState title="No data yet">
        No variant of {data.endpoint} has both a cost and a quality in the last {data.days} days. Requests count if
        their variant was drawn at random.
      </EmptyState>
    );
  return (
    <>
      <Cheapest frontier={data} />
      <FrontierChart frontier={data} />
      <FrontierTable frontier={data} />
    </>
  );
}

function Cheapest({ frontier }: { frontier: Frontier }) {
  const { cheapestNotWorse, variants, margin } = frontier;
  const current = variants.find(({ isCurrent }) => isCurrent)?.variant;
  const found = variants.find(({ variant }) => variant === cheapestNotWorse);
  if (!found)
    return (
      <RunEnd
        tone="neutral"
        words={`No cheaper variant is shown to be as good as ${current} within the margin of ${margin}. An A/B test collects the evidence.`}
      />
    );
  return (
    <div className="flex flex-wrap items-center gap-3">
      <RunEnd tone="good" words={`${found.variant} costs less than ${current} and is not worse by the margin.`} />
      <NextStep endpointId={frontier.endpointId} found={found} />
    </div>
  );
}

/** A variant without a weight gets traffic by a rollout. */
function NextStep({ endpointId, found }: { endpointId: string; found: FrontierVariant }) {
  if (!useProject().can("endpoints:write")) return null;
  if (found.isServed)
    return (
      <Link to="/endpoints" search={{ edit: endpointId }} className={buttonLook()}>
        Change the weights
      </Link>
    );
  return (
    <Link
      to="/rollouts/new"
      search={{ endpoint: endpointId, candidate: found.variant }}
      className={buttonLook("primary")}
    >
      Draft a rollout
    </Link>
  );
}
