import { Link } from "@tanstack/react-router";
import { AgoCell } from "../../../../components/table/cells.tsx";
import { type PlainColumn, PlainTable } from "../../../../components/table/plain-table.tsx";
import { ActionBadge } from "../shared/action-badge.tsx";
import { detectorLabel } from "../shared/detector-words.ts";
import { PolicyMenu } from "../shared/policy-menu.tsx";
import { PolicyState } from "../shared/policy-state.tsx";
import { type Names, scopeWords } from "../shared/scope-words.ts";
import type { Policy } from "../shared/use-guards.ts";
import { summarizeRules } from "./rules-summary.ts";

type TableProps = { policies: readonly Policy[] | undefined; names: Names; canWrite: boolean };

/** The policies with the calls they apply to and their rules. */
export const PolicyTable = ({ policies, names, canWrite }: TableProps) => (
  <PlainTable
    label="Guard policies"
    columns={columnsOf(names, canWrite)}
    rows={policies}
    idOf={({ policyId }) => policyId}
  />
);

const columnsOf = (names: Names, canWrite: boolean): readonly PlainColumn<Policy>[] => [
  {
    id: "name",
    header: "Policy",
    className: "w-full min-w-36 md:w-2/5",
    cell: (policy) => <NameCell policy={policy} names={names} />,
  },
  {
    id: "scope",
    header: "Applies to",
    isWide: true,
    className: "min-w-32 [overflow-wrap:anywhere]",
    cell: ({ appliesTo }) => scopeWords(appliesTo, names),
  },
  {
    id: "rules",
    header: "Rules",
    isWide: true,
    className: "w-2/5 min-w-44",
    cell: (policy) => <RulesCell policy={policy} />,
  },
  { id: "state", header: "State", cell: (policy) => <PolicyState {...policy} /> },
  { id: "version", header: "Version", isNumber: true, isWide: true, cell: ({ version }) => version },
  { id: "changed", header: "Changed", isWide: true, cell: ({ updatedAt }) => <AgoCell iso={updatedAt} /> },
  actionsColumn(canWrite),
];

const actionsColumn = (canWrite: boolean): PlainColumn<Policy> => ({
  id: "actions",
  header: <span className="sr-only">Actions</span>,
  className: "w-px text-right!",
  cell: (policy) => <PolicyMenu policy={policy} canWrite={canWrite} hasSwitch />,
});

function NameCell({ policy, names }: { policy: Policy; names: Names }) {
  const { policyId, name, description, appliesTo } = policy;
  return (
    <div className="flex min-w-0 flex-col py-1">
      <Link
        to="/guards/$policyId"
        params={{ policyId }}
        className="font-medium [overflow-wrap:anywhere] hover:underline"
      >
        {name}
      </Link>
      {description && <span className="line-clamp-1 text-xs text-muted max-md:hidden">{description}</span>}
      {/* On a phone there is no room for more columns. */}
      <div className="flex flex-col gap-1 md:hidden">
        <span className="text-xs text-muted [overflow-wrap:anywhere]">{scopeWords(appliesTo, names)}</span>
        <RulesCell policy={policy} />
      </div>
    </div>
  );
}

/** More detectors are counted. */
const MOST_SHOWN = 4;

function RulesCell({ policy: { rules } }: { policy: Policy }) {
  const all = summarizeRules(rules);
  return (
    <ul className="flex flex-wrap gap-x-3 gap-y-1 py-1">
      {all.slice(0, MOST_SHOWN).map(({ detector, action }) => (
        <li key={detector} className="inline-flex items-center gap-1.5 whitespace-nowrap">
          {detectorLabel(detector)} <ActionBadge action={action} />
        </li>
      ))}
      {all.length > MOST_SHOWN && <li className="text-muted">and {all.length - MOST_SHOWN} more</li>}
    </ul>
  );
}
