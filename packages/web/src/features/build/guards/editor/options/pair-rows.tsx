import { type ReactNode, useState } from "react";
import { RowEditor } from "../../../../../components/form/row-editor.tsx";
import { isSameJson } from "../../shared/is-same-json.ts";

type Values<Value> = Readonly<Record<string, Value>>;
type Pair<Value> = readonly [name: string, value: Value];
type PairProps<Value> = {
  values: Values<Value>;
  blank: Value;
  addLabel: string;
  removeLabel: (name: string) => string;
  note?: ReactNode;
  /** Undefined when the last pair was removed. */
  onChange: (values: Values<Value> | undefined) => void;
  children: (pair: Pair<Value>, change: (pair: Pair<Value>) => void, place: number) => ReactNode;
};

/** An object as rows of a name and a value. While names are typed, two rows may have the same one, which an object cannot have. */
export function PairRows<Value>({ values, blank, addLabel, removeLabel, note, onChange, children }: PairProps<Value>) {
  const [typed, setTyped] = useState<readonly Pair<Value>[]>([]);
  // What was typed counts until the form has other values, such as after it was discarded.
  const pairs = isSameJson(Object.fromEntries(typed), values) ? typed : Object.entries(values);
  const names = pairs.map(([name]) => name);
  const repeated = names.find((name, place) => name !== "" && names.indexOf(name) !== place);
  function set(next: readonly Pair<Value>[]) {
    setTyped(next);
    onChange(next.length === 0 ? undefined : Object.fromEntries(next));
  }
  return (
    <RowEditor
      rows={pairs}
      onChange={set}
      blank={["", blank] as Pair<Value>}
      addLabel={addLabel}
      removeLabel={([name]) => removeLabel(name)}
      rowClassName="items-start gap-2"
      note={
        <>
          {repeated !== undefined && (
            <p role="alert" className="text-xs text-bad">
              “{repeated}” is listed twice. Only its last row is saved.
            </p>
          )}
          {note}
        </>
      }
    >
      {children}
    </RowEditor>
  );
}
