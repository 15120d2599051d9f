import { getRouteApi } from "@tanstack/react-router";
import { SearchX, ShieldCheck } from "lucide-react";
import { useState } from "react";
import { EmptyState, ErrorState } from "../../../../components/feedback/states.tsx";
import { Button } from "../../../../components/form/button.tsx";
import { PageHeader } from "../../../../components/layout/page.tsx";
import { FilterBar } from "../../../../components/table/filter-bar.tsx";
import { useProject } from "../../../system/session/index.ts";
import { detectorLabel } from "../shared/detector-words.ts";
import { GuardSubpages } from "../shared/guard-subpages.tsx";
import { type Names, scopeWords } from "../shared/scope-words.ts";
import { type Policy, usePolicies } from "../shared/use-guards.ts";
import { useScopeNames } from "../shared/use-names.ts";
import { EmptyPolicyLink, NewPolicyMenu, TemplateCards } from "./new-policy.tsx";
import { PolicyTable } from "./policy-table.tsx";
import { matchesSearch } from "./rules-summary.ts";

const route = getRouteApi("/shell/guards");

/** The project's guard policies by name. */
export function GuardsPage() {
  const policies = usePolicies();
  const canWrite = useProject().can("guards:write");
  const items = policies.data?.items;
  const isEmpty = items?.length === 0;
  return (
    <>
      <PageHeader
        title="Guards"
        description="A guard policy says which detectors read the texts of a call, and what happens to a finding."
        action={items && !isEmpty && canWrite && <NewPolicyMenu />}
      >
        <GuardSubpages />
      </PageHeader>
      <div className="flex flex-col gap-4 px-6 pt-4 pb-8 max-md:px-4">
        {policies.error && !items ? (
          <ErrorState
            error={policies.error}
            retry={() => policies.refetch()}
            title="The policies could not be loaded"
          />
        ) : isEmpty ? (
          <NoPolicies canWrite={canWrite} />
        ) : (
          <PolicyList items={items} canWrite={canWrite} />
        )}
      </div>
    </>
  );
}

const NoPolicies = ({ canWrite }: { canWrite: boolean }) => (
  <>
    <EmptyState title="No guard policies yet" icon={<ShieldCheck size={22} />} action={canWrite && <EmptyPolicyLink />}>
      Guards find secrets, personal data and attacks in requests and answers, and record, mask or block them. The next
      request through the gateway uses a new policy.
    </EmptyState>
    {canWrite && <TemplateCards />}
  </>
);

const PAGE = 50;

function PolicyList({ items, canWrite }: { items: readonly Policy[] | undefined; canWrite: boolean }) {
  const { search } = route.useSearch();
  const navigate = route.useNavigate();
  const names = useScopeNames();
  const show = (next: string | undefined) =>
    void navigate({ search: (old) => ({ ...old, search: next }), replace: true });
  const matching = items?.filter((policy) => matchesSearch(textsOf(policy, names), search ?? ""));
  return (
    <>
      <FilterBar
        label="Search policies"
        placeholder="Search names, endpoints and detectors"
        word={search}
        onSearch={show}
      />
      {matching?.length === 0 ? (
        <NoMatches showAll={() => show(undefined)} />
      ) : (
        <Rows key={search} policies={matching} names={names} canWrite={canWrite} />
      )}
    </>
  );
}

type RowsProps = { policies: readonly Policy[] | undefined; names: Names; canWrite: boolean };

/** The first policies, and a button for more. */
function Rows({ policies, names, canWrite }: RowsProps) {
  const [most, setMost] = useState(PAGE);
  return (
    <div className="card overflow-hidden">
      <PolicyTable policies={policies?.slice(0, most)} names={names} canWrite={canWrite} />
      {policies && policies.length > most && (
        <div className="border-line border-t px-4 py-2">
          <Button size="small" onClick={() => setMost(most + PAGE)}>
            Load more
          </Button>
        </div>
      )}
    </div>
  );
}

const textsOf = ({ name, description, appliesTo, rules }: Policy, names: Names) => [
  name,
  description,
  scopeWords(appliesTo, names),
  ...rules.flatMap(({ detector }) => [detector, detectorLabel(detector)]),
];

const NoMatches = ({ showAll }: { showAll: () => void }) => (
  <EmptyState
    title="No matching policies"
    icon={<SearchX size={22} />}
    action={<Button onClick={showAll}>Show all policies</Button>}
  >
    No policy has these words in its name, its endpoint or its detectors.
  </EmptyState>
);
