import { useEffect, useRef, useState } from "react";
import { TextInput } from "./field.tsx";
import { useKeys } from "./keys.ts";

type FieldProps = { label: string; placeholder: string; word: string; onChange: (word: string) => void };

/** Long enough not to ask for every letter. */
const PAUSE_MS = 250;

/** Words to look for, asked for when a person has stopped typing; `/` leads here. */
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
      // Whoever has followed a link meanwhile is on the way to another page, and is not called back.
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
