import { Search, X } from "lucide-react";
import { type KeyboardEvent, useId, useRef } from "react";
import { useKeys } from "../../../components/browser/keys.ts";
import { IconButton } from "../../../components/form/button.tsx";
import type { RangeSearch } from "../../../components/time/time-range.ts";
import { removeCondition } from "./edit-filter.ts";
import type { TraceFilter } from "./filter-address.ts";
import { FilterChips } from "./filter-chips.tsx";
import { FilterHelp } from "./filter-help.tsx";
import { FilterOptions } from "./filter-options.tsx";
import { FilterPaint } from "./filter-paint.tsx";
import { type FilterInput, useFilterInput } from "./use-filter-input.ts";

type BarProps = {
  filter: TraceFilter;
  range: RangeSearch;
  onChange: (filter: TraceFilter) => void;
  /** How the input is named, where a page has several. */
  label?: string;
  /** Whether `/` leads here. */
  hasKey?: boolean;
};

/** One input in the filter language: coloured and completed while it is written, chips while it is not. */
export function FilterBar({ filter, range, onChange, label = "Search and filter", hasKey = true }: BarProps) {
  const input = useRef<HTMLTextAreaElement>(null);
  const listId = useId();
  const noteId = useId();
  const applied = filter.filter ?? "";
  const bar = useFilterInput({
    applied,
    range,
    onApply: (text) => onChange(text ? { filter: text } : {}),
    setCaret: (caret) => select(caret, caret),
  });
  useKeys("Filter", hasKey ? [{ keys: "/", label: "Search and filter", run: () => input.current?.focus() }] : []);
  const hasChips = !bar.isFocused && !bar.isPending && bar.text.trim() !== "";
  const [problem] = bar.problems;

  /** Once React has put the text there. */
  const select = (from: number, to: number) =>
    requestAnimationFrame(() => {
      input.current?.focus();
      input.current?.setSelectionRange(from, to);
    });
  return (
    <search
      className="relative block"
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget) && bar.isFocused) bar.setIsFocused(false);
      }}
    >
      <div
        className={`control flex h-auto min-h-8 items-start gap-1.5 py-0 pr-1 focus-within:border-accent! ${problem ? "border-bad!" : ""}`}
      >
        <Search aria-hidden size={14} className="mt-2 shrink-0 text-muted" />
        <div className="relative min-w-0 grow">
          {hasChips ? (
            <FilterChips
              text={bar.text}
              onEdit={({ from, to }) => select(from, to)}
              onRemove={(stretch) => {
                const text = removeCondition(bar.text, stretch);
                onChange(text ? { filter: text } : {});
              }}
            />
          ) : (
            <FilterPaint text={bar.text} problems={bar.problems} />
          )}
          <textarea
            ref={input}
            role="combobox"
            rows={1}
            spellCheck={false}
            autoCapitalize="off"
            autoComplete="off"
            aria-label={label}
            aria-expanded={bar.isShown && bar.options.length > 0}
            aria-controls={bar.isShown ? listId : undefined}
            aria-autocomplete="list"
            aria-activedescendant={bar.isShown && bar.active !== undefined ? `${listId}-${bar.active}` : undefined}
            aria-invalid={problem ? true : undefined}
            aria-describedby={problem ? noteId : undefined}
            value={bar.text}
            placeholder="Search words, or filter: model:gpt-4o latency>2s"
            onChange={({ target }) => bar.type(target.value, target.selectionStart)}
            onSelect={({ currentTarget }) => bar.moveTo(currentTarget.selectionStart)}
            onFocus={() => {
              if (!bar.isFocused) select(bar.text.length, bar.text.length);
              bar.setIsFocused(true);
            }}
            onClick={() => bar.setIsListOpen(true)}
            onKeyDown={(event) => press(event, bar)}
            className={`absolute inset-0 size-full resize-none overflow-hidden bg-transparent py-1.5 font-mono text-xs leading-5 break-words whitespace-pre-wrap text-transparent caret-text outline-none [font-feature-settings:'calt'_0] placeholder:overflow-hidden placeholder:font-sans placeholder:text-ellipsis placeholder:text-sm placeholder:whitespace-nowrap ${hasChips ? "cursor-text" : ""}`}
          />
        </div>
        {bar.text !== "" && (
          <IconButton
            size="small"
            label="Clear filter"
            className="mt-0.75"
            onClick={() => {
              bar.type("", 0);
              onChange({});
              input.current?.focus();
            }}
          >
            <X size={14} />
          </IconButton>
        )}
        <FilterHelp
          onTry={(text) => {
            onChange({ filter: text });
            input.current?.focus();
          }}
        />
      </div>
      {problem && (
        // Its length must not displace the elements next to the bar.
        <p id={noteId} role="alert" className="mt-1 w-0 min-w-full px-1 text-xs text-bad">
          {problem.message}
          {bar.isPending && <span className="text-muted"> Not applied yet.</span>}
        </p>
      )}
      {bar.isShown && <FilterOptions id={listId} bar={bar} />}
    </search>
  );
}

/**
 * Arrows mark a choice, Tab takes it, Enter takes a marked one or else applies what is written, Escape closes and then
 * gives up.
 */
function press(event: KeyboardEvent<HTMLTextAreaElement>, bar: FilterInput) {
  if (event.nativeEvent.isComposing) return;
  const marked = bar.options[bar.active ?? -1];
  const first = marked ?? (bar.place.kind !== "none" && bar.text !== "" ? bar.options[0] : undefined);
  switch (event.key) {
    case "ArrowDown":
    case "ArrowUp":
      bar.setIsListOpen(true);
      if (bar.options.length > 0) bar.step(event.key === "ArrowDown" ? 1 : -1);
      break;
    case "Tab":
      if (event.shiftKey || !bar.isShown || !first) return;
      bar.choose(first);
      break;
    case "Enter":
      if (bar.isShown && marked) bar.choose(marked);
      else if (bar.apply(bar.text)) bar.setIsListOpen(false);
      break;
    case "Escape":
      if (bar.isShown && bar.options.length > 0) bar.setIsListOpen(false);
      else {
        bar.giveUp();
        event.currentTarget.blur();
      }
      break;
    default:
      return;
  }
  event.preventDefault();
}
