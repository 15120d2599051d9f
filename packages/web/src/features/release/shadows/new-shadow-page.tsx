import { getRouteApi, Link } from "@tanstack/react-router";
import { Route } from "lucide-react";
import { EmptyState, ErrorState, Skeleton } from "../../../components/feedback/states.tsx";
import { buttonLook } from "../../../components/form/button.tsx";
import { RunDenied } from "../../../components/form/run-form.tsx";
import { BackLink, PageHeader } from "../../../components/layout/page.tsx";
import { useEndpointChoices } from "../../system/choices/index.ts";
import { useProject } from "../../system/session/index.ts";
import { ShadowForm } from "./shadow-form.tsx";

const route = getRouteApi("/shell/shadows/new");

/** The form of a new shadow. */
export function NewShadowPage() {
  const { endpoint } = route.useSearch();
  const { data, error, refetch } = useEndpointChoices();
  const back = <BackLink to="/shadows" label="Shadows" />;
  if (!useProject().can("endpoints:write"))
    return <RunDenied title="New shadow" back={back} denied="You cannot change endpoints" />;
  return (
    <>
      <PageHeader
        title="New shadow"
        back={back}
        description="It starts immediately. Callers get their answers from the current variants, as before."
      />
      {error && !data && <ErrorState error={error} retry={() => refetch()} title="The form could not be loaded" />}
      {!error && !data && <Skeleton className="mx-6 h-80 rounded-card max-md:mx-4" />}
      {data?.length === 0 && <NoEndpoints />}
      {data && data.length > 0 && <ShadowForm endpoints={data} endpointId={endpoint} />}
    </>
  );
}

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
    A shadow needs an endpoint with two variants. One of them is the candidate.
  </EmptyState>
);
