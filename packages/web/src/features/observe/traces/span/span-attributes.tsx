import { useMemo, useState } from "react";
import { TextInput } from "../../../../components/form/field.tsx";
import { Values } from "./fact-list.tsx";

/** From here on a list of attributes has a field to look for one. */
const MANY = 10;

/** All other attributes of a span, with a search over names and values. */
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
          aria-label="Search attributes"
          placeholder={`Search ${entries.length} attributes`}
          value={text}
          onChange={(event) => setText(event.target.value)}
          className="max-w-80"
        />
      )}
      <Values title="Attributes" values={shown} />
      {Object.keys(shown).length === 0 && <p className="text-muted">No attribute contains “{text}”.</p>}
    </>
  );
}
