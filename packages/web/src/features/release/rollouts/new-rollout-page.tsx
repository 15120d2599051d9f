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
  const { endpoint, draft: draftId } = route.useSearch();
  const { can } = useProject();
  const endpoints = useEndpointChoices();
  const draft = useRollout(draftId);
  const back = <BackLink to="/rollouts" label="Rollouts" />;
  const title = draftId ? "Edit rollout" : "New rollout";
  if (!can("endpoints:write")) return <RunDenied title={title} back={back} denied="You cannot change endpoints" />;
  const error = endpoints.error ?? draft.error;
  const isReady = endpoints.data !== undefined && (draftId === undefined || draft.data !== undefined);
  return (
    <>
      <PageHeader
        title={title}
        back={back}
        description="A draft changes no traffic. Start it from its page when it is complete."
      />
      {error && !isReady && (
        <ErrorState
          error={error}
          retry={() => void Promise.all([endpoints.refetch(), draftId && draft.refetch()])}
          title="The form could not be loaded"
        />
      )}
      {!error && !isReady && <Skeleton className="mx-6 h-80 rounded-card max-md:mx-4" />}
      {endpoints.data && isReady && (
        <RolloutForm key={draftId} endpoints={endpoints.data} endpointId={endpoint} draft={draft.data} />
      )}
    </>
  );
}
