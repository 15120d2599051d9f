import { Check, Search } from "lucide-react";
import { useEffect, useRef } from "react";
import { explain } from "../../api.ts";
import { formatCompact } from "../../components/format.ts";
import { fieldOf, wordsOf } from "./trace-filter.ts";
import type { FilterInput, FilterOption } from "./use-filter-input.ts";

type OptionsProps = { id: string; bar: FilterInput; choose: (option: FilterOption) => void };

/** The completions under the filter input. The focus stays in the input; the pointer and the arrow keys move the mark. */
export function FilterOptions({ id, bar, choose }: OptionsProps) {
  const list = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the marked option scrolls into sight whenever the mark moves.
  useEffect(() => {
    list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }, [bar.activeIndex]);
  const note = noteOf(bar);
  return (
    <div className="card absolute top-full right-0 left-0 z-30 mt-1 max-w-120 animate-[rise-in_120ms_ease-out] border-line-strong shadow-lg shadow-scrim/20">
      <div
        ref={list}
        id={id}
        role="listbox"
        aria-label={bar.field ? fieldOf(bar.field).label : "Filters"}
        className="max-h-80 overflow-y-auto p-1 empty:hidden"
      >
        {bar.options.map((option, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the input above has the keyboard.
          // biome-ignore lint/a11y/useFocusableInteractive: as above.
          <div
            key={keyOf(option)}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === bar.activeIndex}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => choose(option)}
            onPointerMove={() => index !== bar.activeIndex && bar.point(index)}
            className="flex h-8 cursor-pointer items-center gap-2 rounded-control px-2 aria-selected:bg-raised"
          >
            <OptionWords option={option} />
          </div>
        ))}
      </div>
      {note && <p className="border-line border-t px-3 py-2 text-xs text-muted first:border-0">{note}</p>}
    </div>
  );
}

const keyOf = (option: FilterOption) =>
  option.kind === "search" ? "search" : option.kind === "field" ? option.field : `${option.field}=${option.value}`;

function OptionWords({ option }: { option: FilterOption }) {
  switch (option.kind) {
    case "search":
      return (
        <>
          <Search aria-hidden size={14} className="text-muted" />
          <span className="truncate">Search for “{option.text}”</span>
        </>
      );
    case "field":
      return (
        <>
          <span>{fieldOf(option.field).label}</span>
          <span className="ml-auto truncate text-xs text-muted">{fieldOf(option.field).help}</span>
        </>
      );
    case "value":
      return (
        <>
          <Check aria-hidden size={14} className={`shrink-0 text-accent ${option.isChosen ? "" : "invisible"}`} />
          <span className="truncate">{option.value}</span>
          {option.isChosen && <span className="sr-only">chosen</span>}
          {option.count !== undefined && (
            <span className="num ml-auto text-xs text-muted">{formatCompact(option.count)}</span>
          )}
        </>
      );
    case "set": {
      const words = wordsOf(option.field, option.value);
      return (
        <span className="truncate">
          {words.label} {words.verb} {words.value}
        </span>
      );
    }
    default:
      return option satisfies never;
  }
}

function noteOf(bar: FilterInput): string | undefined {
  if (bar.error) return `The values could not be loaded: ${explain(bar.error)}`;
  if (bar.isLoading) return "Loading the values…";
  if (!bar.field) return undefined;
  const { kind, help } = fieldOf(bar.field);
  if (kind === "number" || kind === "text") return `${help}. Type it and press Enter.`;
  return bar.options.length === 0 ? "Nothing by that name in this time." : "Several values mean any of them.";
}
