import { X } from "lucide-react";
import { FilterWords } from "./filter-paint.tsx";
import { conditionsOf, type Stretch } from "./scan-filter.ts";

type ChipsProps = { text: string; onEdit: (stretch: Stretch) => void; onRemove: (stretch: Stretch) => void };

/** The conditions of a filter, which can be edited and removed. They overlay the input. */
export function FilterChips({ text, onEdit, onRemove }: ChipsProps) {
  return (
    <ul
      aria-label="Conditions"
      className="pointer-events-none relative z-1 flex min-h-7.5 flex-wrap items-center gap-1 py-1"
    >
      {conditionsOf(text).map((stretch) => {
        const words = text.slice(stretch.from, stretch.to);
        return (
          <li
            key={stretch.from}
            className="pointer-events-auto inline-flex h-5.5 max-w-full items-center rounded border border-line bg-raised font-mono text-xs"
          >
            <button
              type="button"
              title={`Edit ${words}`}
              onClick={() => onEdit(stretch)}
              className="h-full min-w-0 max-w-100 truncate rounded pl-1.5 [font-feature-settings:'calt'_0] hover:brightness-125"
            >
              <FilterWords text={words} />
            </button>
            <button
              type="button"
              aria-label={`Remove filter ${words}`}
              onClick={() => onRemove(stretch)}
              className="flex size-5 shrink-0 items-center justify-center rounded text-muted hover:text-text"
            >
              <X size={12} />
            </button>
          </li>
        );
      })}
    </ul>
  );
}
