import { Link } from "@tanstack/react-router";
import { ErrorState, Skeleton } from "../../../components/feedback/states.tsx";
import { Section } from "../../../components/layout/page.tsx";
import { AgoCell } from "../../../components/table/cells.tsx";
import { DeployButton } from "./deploy-button.tsx";
import { type Deployment, useVersionDeployments, type VersionOf } from "./use-deployments.ts";

const STATE_WORDS: Readonly<Record<Deployment["state"], string>> = {
  running: "Running",
  deployed: "Deployed",
  "rolled-back": "Rolled back",
};

/** The deployments of a version with their rollouts, and a button for the next one. */
export function VersionDeployments({ model, version }: VersionOf) {
  const deployments = useVersionDeployments({ model, version });
  const { data, error } = deployments;
  return (
    <Section title="Deployments" action={<DeployButton model={model} version={version} />}>
      {error && !data && <ErrorState error={error} retry={() => deployments.refetch()} />}
      {!error && !data && <Skeleton className="m-4 h-10" />}
      {data?.length === 0 && <p className="px-4 pb-4 text-muted">This version was not deployed yet.</p>}
      {data && data.length > 0 && (
        <ol aria-label="Deployments" className="divide-y divide-line border-line border-t">
          {data.map((deployment) => (
            <DeploymentRow key={deployment.deploymentId} deployment={deployment} />
          ))}
        </ol>
      )}
    </Section>
  );
}

function DeploymentRow({ deployment }: { deployment: Deployment }) {
  const { alias, fromVersion, state, message, reason, rollouts, createdAt } = deployment;
  return (
    <li className="flex flex-col gap-0.5 px-4 py-2">
      <p className="flex flex-wrap items-baseline gap-x-2">
        <span className="font-medium">{STATE_WORDS[state]}</span>
        <span className="text-muted">
          {alias}
          {fromVersion === null ? "" : `, from version ${fromVersion}`}, <AgoCell iso={createdAt} />
        </span>
        {reason && <span className="[overflow-wrap:anywhere]">“{reason}”</span>}
      </p>
      {message && <p className="text-muted text-pretty">{message}</p>}
      {rollouts.map(({ rolloutId, endpoint, state: rolloutState }) => (
        <p key={rolloutId}>
          <Link
            to="/rollouts/$rolloutId"
            params={{ rolloutId }}
            className="underline decoration-line-strong underline-offset-2 hover:decoration-current"
          >
            Rollout on {endpoint}
          </Link>{" "}
          <span className="text-muted">{rolloutState}</span>
        </p>
      ))}
    </li>
  );
}
