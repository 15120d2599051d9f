import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Section } from "../../../components/layout/page.tsx";
import { useProject } from "../../system/session/index.ts";
import type { Rollout } from "./use-rollouts.ts";

const LINK = "underline decoration-line-strong underline-offset-2 hover:decoration-current";

/** The model version that a rollout deploys, and the training run that made it. Nothing for other rollouts. */
export function DeploymentSection({ rollout }: { rollout: Rollout }) {
  const deployment = useDeploymentOf(rollout).data;
  const version = useVersionOf(deployment).data;
  if (!deployment) return null;
  const { model, toVersion, rollouts } = deployment;
  const others = rollouts.filter(({ rolloutId }) => rolloutId !== rollout.rolloutId);
  return (
    <Section title="Deployment" description={toWords(deployment)}>
      <ul className="flex flex-wrap gap-x-6 gap-y-1 px-4 pb-4">
        <li>
          <Link
            to="/models/registry/$name"
            params={{ name: model }}
            search={{ version: String(toVersion) }}
            className={LINK}
          >
            Version {toVersion} of {model}
          </Link>
        </li>
        {version?.runId && <RunItem trainingRunId={version.runId} />}
        {others.map((other) => (
          <OtherRollout key={other.rolloutId} rollout={other} />
        ))}
      </ul>
    </Section>
  );
}

type Moving = { model: string; alias: string; toVersion: number; state: string; rollouts: readonly unknown[] };

function toWords({ model, alias, toVersion, state, rollouts }: Moving): string {
  if (state === "deployed") return `${model}@${alias} was moved to version ${toVersion}.`;
  if (state === "rolled-back") return `${model}@${alias} was not moved to version ${toVersion}.`;
  return `${model}@${alias} moves to version ${toVersion} when ${rollouts.length === 1 ? "this rollout is" : "all rollouts are"} promoted.`;
}

const RunItem = ({ trainingRunId }: { trainingRunId: string }) => (
  <li>
    <Link to="/training/$trainingRunId" params={{ trainingRunId }} className={LINK}>
      Training run
    </Link>
  </li>
);

type Other = { rolloutId: string; endpoint: string; state: string };

const OtherRollout = ({ rollout: { rolloutId, endpoint, state } }: { rollout: Other }) => (
  <li>
    <Link to="/rollouts/$rolloutId" params={{ rolloutId }} className={LINK}>
      Rollout on {endpoint}
    </Link>{" "}
    <span className="text-muted">{state}</span>
  </li>
);

function useDeploymentOf({ rolloutId, state }: Rollout) {
  const { id, client, can } = useProject();
  return useQuery({
    queryKey: ["deployments", id, "rollout", rolloutId, state],
    enabled: can("models:read"),
    queryFn: ({ signal }) => client.call("GET /api/v1/deployments", { query: { rolloutId, limit: 1 }, signal }),
    select: ({ items: [deployment] }) => deployment,
  });
}

function useVersionOf(deployment: { model: string; toVersion: number } | undefined) {
  const { id, client } = useProject();
  const params = { name: deployment?.model ?? "", version: String(deployment?.toVersion ?? "") };
  return useQuery({
    queryKey: ["registry", id, "version", params],
    enabled: deployment !== undefined,
    queryFn: ({ signal }) => client.call("GET /api/v1/registry/models/:name/versions/:version", { params, signal }),
  });
}
