import { getRouteApi } from "@tanstack/react-router";
import { ErrorState, Skeleton } from "../../../components/feedback/states.tsx";
import { RunDenied } from "../../../components/form/run-form.tsx";
import { BackLink, PageHeader } from "../../../components/layout/page.tsx";
import { useEndpointChoices } from "../../system/choices/index.ts";
import { useProject } from "../../system/session/index.ts";
import { AbTestForm } from "./ab-test-form.tsx";
import { useAbTest } from "./use-ab-tests.ts";

const route = getRouteApi("/shell/ab-tests/new");

/** The form of a test: a new draft, or one that is edited. */
export function NewAbTestPage() {
  const { endpoint, draft: draftId } = route.useSearch();
  const { can } = useProject();
  const endpoints = useEndpointChoices();
  const draft = useAbTest(draftId);
  const error = endpoints.error ?? draft.error;
  const isReady = endpoints.data !== undefined && (draftId === undefined || draft.data !== undefined);
  const retry = () => void Promise.all([endpoints.refetch(), draftId && draft.refetch()]);
  const back = <BackLink to="/ab-tests" label="A/B tests" />;
  const title = draftId ? "Edit A/B test" : "New A/B test";
  if (!can("endpoints:write")) return <RunDenied title={title} back={back} denied="You cannot change endpoints" />;
  return (
    <>
      <PageHeader
        title={title}
        back={back}
        description="A draft changes no traffic. Start it from its page when it is complete."
      />
      {error && !isReady && <ErrorState error={error} retry={retry} title="The form could not be loaded" />}
      {!error && !isReady && <Skeleton className="mx-6 h-80 rounded-card max-md:mx-4" />}
      {endpoints.data && isReady && (
        <AbTestForm key={draftId} endpoints={endpoints.data} endpointId={endpoint} draft={draft.data} />
      )}
    </>
  );
}
