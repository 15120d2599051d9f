import { useEffect, useRef, useState } from "react";
import { useKeys } from "../browser/keys.ts";
import { TextInput } from "./field.tsx";

type FieldProps = { label: string; placeholder: string; word: string; onChange: (word: string) => void };

/** Long enough not to ask for every letter. */
const PAUSE_MS = 250;

/** A search field that applies its text after a pause in typing; `/` focuses it. */
export function SearchField({ label, placeholder, word, onChange }: FieldProps) {
  const [typed, setTyped] = useState(word);
  const field = useRef<HTMLInputElement>(null);
  const change = useRef(onChange);
  change.current = onChange;
  useEffect(() => setTyped(word), [word]);
  useEffect(() => {
    if (typed.trim() === word) return;
    const { pathname } = window.location;
    const timer = setTimeout(() => {
      // A user who followed a link in the meantime stays on the new page.
      if (window.location.pathname === pathname) change.current(typed.trim());
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed, word]);
  useKeys("Search", [{ keys: "/", label, run: () => field.current?.focus() }]);
  return (
    <TextInput
      ref={field}
      type="search"
      aria-label={label}
      placeholder={placeholder}
      value={typed}
      maxLength={200}
      onChange={({ target }) => setTyped(target.value)}
      className="max-w-90"
    />
  );
}
