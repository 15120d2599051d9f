import { getRouteApi } from "@tanstack/react-router";
import { FilterBar, FilterSelect } from "../../../components/table/filter-bar.tsx";
import { SEVERITY_WORDS } from "../../../components/text/severity.ts";
import { useMemberChoices } from "../../system/choices/index.ts";
import { SOURCE_WORDS, STATE_WORDS } from "./incident-words.ts";
import type { ListSearch } from "./search.ts";

const route = getRouteApi("/shell/incidents");

const optionsOf = (words: Readonly<Record<string, string>>) =>
  Object.entries(words).map(([value, name]) => ({ value, name }));

/** Which incidents are listed. */
export function IncidentFilters({ search }: { search: ListSearch }) {
  const navigate = route.useNavigate();
  const change = (next: ListSearch) => void navigate({ search: (old) => ({ ...old, ...next }), replace: true });
  return (
    <FilterBar
      label="Search incidents"
      placeholder="Search incidents"
      word={search.search}
      onSearch={(word) => change({ search: word })}
    >
      <StateFilters search={search} change={change} />
      <SourceFilters search={search} change={change} />
    </FilterBar>
  );
}

type FilterProps = { search: ListSearch; change: (next: ListSearch) => void };

const StateFilters = ({ search, change }: FilterProps) => (
  <>
    <FilterSelect
      label="State"
      all="All states"
      value={search.state}
      options={[{ value: "unresolved", name: "Unresolved" }, ...optionsOf(STATE_WORDS)]}
      onChange={(state) => change({ state })}
      className="w-40! max-md:basis-36!"
    />
    <FilterSelect
      label="Severity"
      all="All severities"
      value={search.severity}
      options={optionsOf(SEVERITY_WORDS)}
      onChange={(severity) => change({ severity })}
      className="w-40! max-md:basis-36!"
    />
  </>
);

function SourceFilters({ search, change }: FilterProps) {
  const members = useMemberChoices();
  const owners = [
    { value: "none", name: "Unassigned" },
    ...(members.data ?? []).map(({ userId, name, email }) => ({ value: userId, name: name || email })),
  ];
  return (
    <>
      <FilterSelect
        label="Source"
        all="All sources"
        value={search.source}
        options={optionsOf(SOURCE_WORDS)}
        onChange={(source) => change({ source })}
        className="w-44! max-md:basis-36!"
      />
      <FilterSelect
        label="Owner"
        all="All owners"
        value={search.owner}
        options={owners}
        onChange={(owner) => change({ owner })}
        className="w-40! max-md:basis-36!"
      />
    </>
  );
}
