import { useNavigate } from "@tanstack/react-router";
import { Select } from "../../../../components/form/field.tsx";
import { SearchField } from "../../../../components/form/search-field.tsx";
import type { ListSearch } from "../monitor-search.ts";
import { STATE_WORDS } from "../shared/monitor-words.ts";

/** The text and the state that narrow the list. */
export function MonitorFilters({ q, state }: ListSearch) {
  const navigate = useNavigate();
  const change = (next: ListSearch) => void navigate({ to: "/monitors", search: { q, state, ...next }, replace: true });
  return (
    <div className="flex flex-wrap gap-2">
      <SearchField
        label="Search monitors"
        placeholder="Search by name"
        word={q ?? ""}
        onChange={(word) => change({ q: word || undefined })}
      />
      <Select
        aria-label="State"
        value={state ?? ""}
        onChange={({ target }) => change({ state: target.value || undefined })}
        className="max-w-44"
      >
        <option value="">All states</option>
        {Object.entries(STATE_WORDS).map(([name, word]) => (
          <option key={name} value={name}>
            {word}
          </option>
        ))}
      </Select>
    </div>
  );
}
