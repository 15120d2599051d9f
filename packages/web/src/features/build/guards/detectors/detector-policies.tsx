import { Link } from "@tanstack/react-router";
import { ErrorState } from "../../../../components/feedback/states.tsx";
import { Section } from "../../../../components/layout/page.tsx";
import { type PlainColumn, PlainTable } from "../../../../components/table/plain-table.tsx";
import { ActionBadge } from "../shared/action-badge.tsx";
import { PolicyState } from "../shared/policy-state.tsx";
import type { Detector } from "../shared/use-detectors.ts";
import { type Policy, usePolicies } from "../shared/use-guards.ts";

/** The policies that have a rule with the detector. */
export function DetectorPolicies({ detector: { name } }: { detector: Detector }) {
  const policies = usePolicies();
  const using = policies.data?.items.filter(({ rules }) => rules.some(({ detector }) => detector === name));
  return (
    <Section title="Policies" description="Policies that have a rule with this detector.">
      {policies.error && !using ? (
        <ErrorState error={policies.error} retry={() => policies.refetch()} title="The policies could not be loaded" />
      ) : using?.length === 0 ? (
        <p className="px-4 pb-4 text-muted">No policy uses this detector.</p>
      ) : (
        <PlainTable label="Policies" columns={columnsOf(name)} rows={using} idOf={({ policyId }) => policyId} />
      )}
    </Section>
  );
}

const columnsOf = (name: string): readonly PlainColumn<Policy>[] => [
  {
    id: "policy",
    header: "Policy",
    className: "w-full [overflow-wrap:anywhere]",
    cell: ({ policyId, name: title }) => (
      <Link to="/guards/$policyId" params={{ policyId }} className="font-medium hover:underline">
        {title}
      </Link>
    ),
  },
  {
    id: "actions",
    header: "Actions",
    cell: ({ rules }) => (
      <span className="flex flex-wrap gap-1">
        {[...new Set(rules.filter(({ detector }) => detector === name).map(({ action }) => action))].map((action) => (
          <ActionBadge key={action} action={action} />
        ))}
      </span>
    ),
  },
  { id: "state", header: "State", cell: (policy) => <PolicyState {...policy} /> },
];
