import { type ComponentProps, type KeyboardEvent, useId, useRef, useState } from "react";
import { GrowingText } from "../form/growing-text.tsx";
import { insertMention, matchPeople, type Person, partialMention } from "./mentions.ts";

type MentionProps = Omit<ComponentProps<"textarea">, "value" | "onChange"> & {
  value: string;
  onValue: (text: string) => void;
  people: readonly Person[];
};

/** A growing text that suggests members after an `@`. Arrow keys choose, Enter and Tab insert, Escape closes. */
export function MentionText({ value, onValue, people, onKeyDown, ...rest }: MentionProps) {
  const field = useRef<HTMLDivElement>(null);
  const listId = useId();
  const [caret, setCaret] = useState(0);
  const [chosen, setChosen] = useState(0);
  const [closedAt, setClosedAt] = useState<number>();
  const partial = partialMention(value, caret);
  const matches = partial && partial.start !== closedAt ? matchPeople(people, partial.word) : [];
  const isOpen = matches.length > 0;

  function insert(person: Person) {
    if (!partial) return;
    const next = insertMention(value, { ...partial, caret }, person);
    onValue(next.text);
    setCaret(next.caret);
    setChosen(0);
    const area = field.current?.querySelector("textarea");
    area?.focus();
    requestAnimationFrame(() => area?.setSelectionRange(next.caret, next.caret));
  }
  function press(event: KeyboardEvent<HTMLTextAreaElement>) {
    const person = matches[chosen];
    const isPlain = !(event.metaKey || event.ctrlKey);
    if (isOpen && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      const step = event.key === "ArrowDown" ? 1 : matches.length - 1;
      setChosen((chosen + step) % matches.length);
    } else if (isOpen && person && isPlain && (event.key === "Enter" || event.key === "Tab")) insert(person);
    else if (isOpen && event.key === "Escape") setClosedAt(partial?.start);
    else return onKeyDown?.(event);
    event.preventDefault();
    event.stopPropagation();
  }
  return (
    <div ref={field} className="relative">
      <GrowingText
        {...rest}
        value={value}
        role="combobox"
        aria-expanded={isOpen}
        aria-autocomplete="list"
        aria-controls={isOpen ? listId : undefined}
        aria-activedescendant={isOpen ? `${listId}-${chosen}` : undefined}
        onChange={({ target }) => {
          onValue(target.value);
          setCaret(target.selectionStart);
          setChosen(0);
        }}
        onSelect={({ currentTarget }) => setCaret(currentTarget.selectionStart)}
        onBlur={() => setCaret(0)}
        onKeyDown={press}
      />
      {isOpen && (
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
              // The field keeps the focus.
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
      )}
    </div>
  );
}
