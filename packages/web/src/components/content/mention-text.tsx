import { type ComponentProps, type KeyboardEvent, useId } from "react";
import { GrowingText } from "../form/growing-text.tsx";
import type { Person } from "./mentions.ts";
import { useMentions } from "./use-mentions.ts";

type MentionProps = Omit<ComponentProps<"textarea">, "value" | "onChange"> & {
  value: string;
  onValue: (text: string) => void;
  people: readonly Person[];
};

/** A growing text that suggests members after an `@`. Arrow keys choose, Enter and Tab insert, Escape closes. */
export function MentionText({ value, onValue, people, onKeyDown, ...rest }: MentionProps) {
  const { field, press, setCaret, setChosen, ...list } = useMentions({ value, onValue, people });
  const listId = useId();
  function pressKey(event: KeyboardEvent<HTMLTextAreaElement>) {
    if (!press(event)) return onKeyDown?.(event);
    event.preventDefault();
    event.stopPropagation();
  }
  return (
    <div ref={field} className="relative">
      <GrowingText
        {...rest}
        {...comboboxOf(listId, list)}
        value={value}
        onChange={({ target }) => {
          onValue(target.value);
          setCaret(target.selectionStart);
          setChosen(0);
        }}
        onSelect={({ currentTarget }) => setCaret(currentTarget.selectionStart)}
        onBlur={() => setCaret(0)}
        onKeyDown={pressKey}
      />
      {list.matches.length > 0 && <Suggestions {...list} listId={listId} />}
    </div>
  );
}

type List = { matches: readonly Person[]; chosen: number };

/** A text box that is a combobox while it suggests members. */
function comboboxOf(listId: string, { matches, chosen }: List) {
  if (matches.length === 0) return { "aria-autocomplete": "list" } as const;
  return {
    role: "combobox",
    "aria-expanded": true,
    "aria-autocomplete": "list",
    "aria-controls": listId,
    "aria-activedescendant": `${listId}-${chosen}`,
  } as const;
}

function Suggestions({ matches, chosen, insert, listId }: List & { insert: (person: Person) => void; listId: string }) {
  return (
    <div
      id={listId}
      role="listbox"
      aria-label="Members"
      className="card absolute top-full left-0 z-20 mt-1 max-h-60 w-72 max-w-full overflow-y-auto border-line-strong py-1 shadow-lg shadow-scrim/20"
    >
      {matches.map((person, place) => (
        <div
          key={person.userId}
          id={`${listId}-${place}`}
          role="option"
          tabIndex={-1}
          aria-selected={place === chosen}
          // The field retains the focus.
          onMouseDown={(event) => {
            event.preventDefault();
            insert(person);
          }}
          className="cursor-pointer px-3 py-1.5 hover:bg-raised aria-selected:bg-raised"
        >
          <span className="block truncate">{person.name || person.email}</span>
          {person.name && <span className="block truncate text-xs text-muted">{person.email}</span>}
        </div>
      ))}
    </div>
  );
}
