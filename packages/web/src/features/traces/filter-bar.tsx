import { Search, X } from "lucide-react";
import { useRef, useState } from "react";
import { useKeys } from "../../components/keys.ts";
import type { RangeSearch } from "../../components/time-range.ts";
import { FilterOptions } from "./filter-options.tsx";
import { FIELD_NAMES, type FilterField, hasFilter, type TraceFilter, wordsOf } from "./trace-filter.ts";
import { type FilterOption, useFilterInput } from "./use-filter-input.ts";

type BarProps = { filter: TraceFilter; range: RangeSearch; onChange: (filter: TraceFilter) => void };

/** Chips of what is narrowed, and one input that searches words, completes fields and completes their values. */
export function FilterBar({ filter, range, onChange }: BarProps) {
  const input = useRef<HTMLInputElement>(null);
  const [isOpen, setIsOpen] = useState(false);
  const bar = useFilterInput({ filter, range, onChange, isOpen });
  useKeys("Filter", [{ keys: "/", label: "Search and filter", run: () => input.current?.focus() }]);
  const chips = FIELD_NAMES.filter((name) => filter[name] && name !== bar.field);
  const listId = "filter-options";

  function choose(option: FilterOption) {
    const stays = bar.choose(option);
    if (!stays) setIsOpen(false);
    input.current?.focus();
  }
  return (
    <search
      className="relative block max-w-230"
      onBlur={(event) => {
        if (event.currentTarget.contains(event.relatedTarget)) return;
        setIsOpen(false);
        bar.leave();
      }}
    >
      <div className="control flex h-auto min-h-8 flex-wrap items-center gap-1.5 py-1 focus-within:border-accent!">
        <Search aria-hidden size={14} className="shrink-0 text-muted" />
        {filter.search && (
          <Chip
            label="Text"
            verb="has"
            value={filter.search}
            onEdit={() => bar.editSearch()}
            onRemove={() => onChange({ ...filter, search: undefined })}
            focus={() => input.current?.focus()}
          />
        )}
        {chips.map((name) => (
          <Chip
            key={name}
            {...wordsOf(name, filter[name] ?? "")}
            onEdit={() => {
              bar.enter(name);
              setIsOpen(true);
            }}
            onRemove={() => onChange({ ...filter, [name]: undefined })}
            focus={() => input.current?.focus()}
          />
        ))}
        {bar.field && <PendingChip field={bar.field} value={filter[bar.field]} />}
        <input
          ref={input}
          role="combobox"
          aria-label="Search and filter"
          aria-expanded={isOpen}
          aria-controls={isOpen ? listId : undefined}
          aria-autocomplete="list"
          aria-activedescendant={isOpen && bar.options[bar.activeIndex] ? `${listId}-${bar.activeIndex}` : undefined}
          value={bar.text}
          placeholder={hasFilter(filter) || bar.field ? "" : "Search words, or filter by model, status, user…"}
          onChange={(event) => {
            bar.type(event.target.value);
            setIsOpen(true);
          }}
          onFocus={() => setIsOpen(true)}
          onClick={() => setIsOpen(true)}
          onKeyDown={(event) => {
            const did = bar.press(event.key);
            if (did === "nothing") return;
            event.preventDefault();
            setIsOpen(did === "stay");
            if (did === "close") input.current?.blur();
          }}
          className="h-5.5 min-w-24 grow bg-transparent outline-none"
        />
        {hasFilter(filter) && (
          <button
            type="button"
            onClick={() => onChange({})}
            className="shrink-0 rounded px-1 text-xs text-muted hover:text-text"
          >
            Clear
          </button>
        )}
      </div>
      {isOpen && <FilterOptions id={listId} bar={bar} choose={choose} />}
    </search>
  );
}

type ChipProps = {
  label: string;
  verb: string;
  value: string;
  onEdit: () => void;
  onRemove: () => void;
  focus: () => void;
};

function Chip({ label, verb, value, onEdit, onRemove, focus }: ChipProps) {
  const words = `${label} ${verb} ${value}`;
  return (
    <span className="inline-flex h-5.5 max-w-full items-center rounded border border-line bg-raised text-xs">
      <button
        type="button"
        title={words}
        onClick={() => {
          onEdit();
          focus();
        }}
        className="min-w-0 max-w-80 truncate pl-1.5 hover:text-accent"
      >
        <span className="text-muted">
          {label} {verb}
        </span>{" "}
        {value}
      </button>
      <button
        type="button"
        aria-label={`Remove the filter ${words}`}
        onClick={onRemove}
        className="flex size-5 shrink-0 items-center justify-center text-muted hover:text-text"
      >
        <X size={12} />
      </button>
    </span>
  );
}

/** The field whose value is being chosen. */
function PendingChip({ field, value }: { field: FilterField; value: string | undefined }) {
  const words = wordsOf(field, value ?? "");
  return (
    <span className="inline-flex h-5.5 items-center gap-1 rounded border border-accent bg-accent-soft px-1.5 text-xs text-accent">
      {words.label} {words.verb} {value && <span className="max-w-60 truncate">{words.value}</span>}
    </span>
  );
}
