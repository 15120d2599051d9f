import { ListFilter } from "lucide-react";
import { createContext, type ReactNode, useContext } from "react";
import { writeValue } from "./edit-filter.ts";

/** What adds one more condition to the filter of the list around it; undefined where there is none. */
export const AddToFilter = createContext<((condition: string) => void) | undefined>(undefined);

type OnlyProps = { field: string; value: string; children: ReactNode };

/** A cell with a button that filters the list by its value, shown on hover. Keyboard users type the filter instead. */
export function OnlyThis({ field, value, children }: OnlyProps) {
  const add = useContext(AddToFilter);
  if (!add || value === "") return children;
  const condition = `${field}:${writeValue(value)}`;
  return (
    <span className="group/only flex min-w-0 grow items-center gap-1">
      <span className="flex min-w-0">{children}</span>
      <button
        type="button"
        tabIndex={-1}
        aria-label={`Only ${condition}`}
        title={`Only ${condition}`}
        onClick={(event) => {
          event.stopPropagation();
          add(condition);
        }}
        className="flex size-5 shrink-0 items-center justify-center rounded text-muted opacity-0 group-hover/row:opacity-60 hover:bg-line hover:text-text hover:opacity-100!"
      >
        <ListFilter aria-hidden size={12} />
      </button>
    </span>
  );
}
