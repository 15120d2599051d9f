import { Clock } from "lucide-react";
import { Fragment, useEffect, useRef } from "react";
import { explain } from "../../../api.ts";
import { formatCompact } from "../../../components/text/format.ts";
import type { Completion } from "./complete-filter.ts";
import { FilterWords } from "./filter-paint.tsx";
import type { FilterInput } from "./use-filter-input.ts";

/** The completions under the filter input. The focus stays in the input; the pointer and the arrow keys move the mark. */
export function FilterOptions({ id, bar }: { id: string; bar: FilterInput }) {
  const list = useRef<HTMLDivElement>(null);
  const { options, active } = bar;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the marked option scrolls into sight whenever the mark moves.
  useEffect(() => {
    list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }, [active]);
  const note = noteOf(bar);
  if (options.length === 0 && !note) return null;
  return (
    <div className="card absolute top-full left-0 z-30 mt-1 w-full max-w-140 animate-[rise-in_120ms_ease-out] overflow-hidden border-line-strong shadow-lg shadow-scrim/20">
      <div
        ref={list}
        id={id}
        role="listbox"
        aria-label="Completions"
        className="max-h-80 overflow-y-auto p-1 empty:hidden"
      >
        {options.map((option, index) => (
          <Fragment key={option.id}>
            {option.group !== options[index - 1]?.group && (
              <div role="presentation" className="px-2 pt-1.5 pb-0.5 text-xs text-muted">
                {option.group}
              </div>
            )}
            {/* biome-ignore lint/a11y/useKeyWithClickEvents: the input above has the keyboard. */}
            {/* biome-ignore lint/a11y/useFocusableInteractive: as above. */}
            <div
              id={`${id}-${index}`}
              role="option"
              aria-selected={index === active}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => bar.choose(option)}
              onPointerMove={() => index !== active && bar.point(index)}
              className="flex min-h-7.5 cursor-pointer items-center gap-3 rounded-control px-2 aria-selected:bg-raised"
            >
              <OptionWords option={option} />
            </div>
          </Fragment>
        ))}
      </div>
      <p
        className={`flex items-center gap-3 border-line border-t px-3 py-1.5 text-xs text-muted ${note ? "" : "max-sm:hidden"}`}
      >
        <span className="min-w-0 grow truncate">{note}</span>
        <span className="shrink-0 max-sm:hidden">
          {options.length > 0 && (
            <>
              <kbd>Tab</kbd> completes,{" "}
            </>
          )}
          <kbd>Enter</kbd> applies
        </span>
      </p>
    </div>
  );
}

function OptionWords({ option: { group, label, note, count } }: { option: Completion }) {
  return (
    <>
      {group === "Recent" && <Clock aria-hidden size={13} className="shrink-0 text-muted" />}
      <code className="min-w-0 truncate text-xs">{group === "Recent" ? <FilterWords text={label} /> : label}</code>
      {note && <span className="ml-auto truncate text-right text-xs text-muted">{note}</span>}
      {count !== undefined && <span className="num ml-auto text-xs text-muted">{formatCompact(count)}</span>}
    </>
  );
}

function noteOf({ error, isLoading, place, options }: FilterInput): string | undefined {
  if (error) return `The values could not be loaded: ${explain(error)}`;
  if (isLoading) return "Loading the values…";
  if (place.kind !== "value") return undefined;
  if (options.length > 0) return "Separate values with commas to match any of them.";
  return place.field.values ? "No matching value in this time range. * is a wildcard." : place.field.description;
}
