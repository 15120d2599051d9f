import { useMemo, useState } from "react";
import { TextInput } from "../../components/field.tsx";
import { Values } from "./fact-list.tsx";

/** From here on a list of attributes has a field to look for one. */
const MANY = 10;

/** Everything else that a sender said of a span; names and values can be looked for. */
export function AttributeList({ values }: { values: Readonly<Record<string, unknown>> }) {
  const [text, setText] = useState("");
  const entries = useMemo(() => Object.entries(values), [values]);
  const shown = useMemo(() => {
    const wanted = text.trim().toLowerCase();
    if (wanted === "") return values;
    const isHit = ([name, value]: readonly [string, unknown]) =>
      name.toLowerCase().includes(wanted) || (JSON.stringify(value) ?? "").toLowerCase().includes(wanted);
    return Object.fromEntries(entries.filter(isHit));
  }, [values, entries, text]);
  if (entries.length === 0) return null;
  return (
    <>
      {entries.length >= MANY && (
        <TextInput
          type="search"
          aria-label="Search in the attributes"
          placeholder={`Search in ${entries.length} attributes`}
          value={text}
          onChange={(event) => setText(event.target.value)}
          className="max-w-80"
        />
      )}
      <Values title="Attributes" values={shown} />
      {Object.keys(shown).length === 0 && <p className="text-muted">No attribute has “{text}” in it.</p>}
    </>
  );
}
