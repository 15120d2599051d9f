import { getRouteApi } from "@tanstack/react-router";
import { ErrorState, Skeleton } from "../../../components/feedback/states.tsx";
import { RunDenied } from "../../../components/form/run-form.tsx";
import { BackLink, PageHeader } from "../../../components/layout/page.tsx";
import { useEndpointChoices } from "../../system/choices/index.ts";
import { useProject } from "../../system/session/index.ts";
import { RolloutForm } from "./rollout-form.tsx";
import { useRollout } from "./use-rollouts.ts";

const route = getRouteApi("/shell/rollouts/new");

/** The form of a rollout: a new draft, or one that is edited. */
export function NewRolloutPage() {
  const { endpoint, draft: draftId, candidate } = route.useSearch();
  const { can } = useProject();
  const { endpoints, draft, error, isReady, retry } = useFormData(draftId);
  const back = <BackLink to="/rollouts" label="Rollouts" />;
  const title = draftId ? "Edit rollout" : "New rollout";
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
      {endpoints && isReady && (
        <RolloutForm key={draftId} endpoints={endpoints} endpointId={endpoint} candidate={candidate} draft={draft} />
      )}
    </>
  );
}

/** The endpoints of the project, and the draft if one is edited. */
function useFormData(draftId: string | undefined) {
  const endpoints = useEndpointChoices();
  const draft = useRollout(draftId);
  return {
    endpoints: endpoints.data,
    draft: draft.data,
    error: endpoints.error ?? draft.error,
    isReady: endpoints.data !== undefined && (draftId === undefined || draft.data !== undefined),
    retry: () => void Promise.all([endpoints.refetch(), draftId && draft.refetch()]),
  };
}
