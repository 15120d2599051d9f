import { type KeyboardEvent, useRef, useState } from "react";
import { insertMention, matchPeople, type Person, partialMention } from "./mentions.ts";

type Typed = { value: string; onValue: (text: string) => void; people: readonly Person[] };

/** The members that fit the mention that is being typed, and the keys that choose one. */
export function useMentions({ value, onValue, people }: Typed) {
  const field = useRef<HTMLDivElement>(null);
  const [caret, setCaret] = useState(0);
  const [chosen, setChosen] = useState(0);
  const [closedAt, setClosedAt] = useState<number>();
  const partial = partialMention(value, caret);
  const matches = partial && partial.start !== closedAt ? matchPeople(people, partial.word) : [];

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
  const press = keysOf({ matches, chosen, setChosen, insert, close: () => setClosedAt(partial?.start) });
  return { field, matches, chosen, setCaret, setChosen, insert, press };
}

type Keys = {
  matches: readonly Person[];
  chosen: number;
  setChosen: (chosen: number) => void;
  insert: (person: Person) => void;
  close: () => void;
};

/** Handles a key of an open list. False if the key is not for the list. */
const keysOf =
  ({ matches, chosen, setChosen, insert, close }: Keys) =>
  ({ key, metaKey, ctrlKey }: KeyboardEvent): boolean => {
    const person = matches[chosen];
    if (!person) return false;
    if (key === "ArrowDown") setChosen((chosen + 1) % matches.length);
    else if (key === "ArrowUp") setChosen((chosen + matches.length - 1) % matches.length);
    else if (key === "Escape") close();
    else if ((key === "Enter" || key === "Tab") && !metaKey && !ctrlKey) insert(person);
    else return false;
    return true;
  };
