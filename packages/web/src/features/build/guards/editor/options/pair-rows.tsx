import { type ReactNode, useState } from "react";
import { RowEditor } from "../../../../../components/form/row-editor.tsx";
import { isSameJson } from "../../shared/is-same-json.ts";
import { ProblemText } from "../problem-text.tsx";

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
export function PairRows<Value>(props: PairProps<Value>) {
  const { values, blank, note, removeLabel, onChange, ...rows } = props;
  const [typed, setTyped] = useState<readonly Pair<Value>[]>([]);
  // What was typed counts until the form has other values, such as after it was discarded.
  const pairs = isSameJson(Object.fromEntries(typed), values) ? typed : Object.entries(values);
  function set(next: readonly Pair<Value>[]) {
    setTyped(next);
    onChange(next.length === 0 ? undefined : Object.fromEntries(next));
  }
  return (
    <RowEditor
      {...rows}
      rows={pairs}
      onChange={set}
      blank={["", blank] as Pair<Value>}
      removeLabel={([name]) => removeLabel(name)}
      rowClassName="items-start gap-2"
      note={
        <>
          <RepeatedName names={pairs.map(([name]) => name)} />
          {note}
        </>
      }
    />
  );
}

function RepeatedName({ names }: { names: readonly string[] }) {
  const repeated = names.find((name, place) => name !== "" && names.indexOf(name) !== place);
  return <ProblemText text={repeated && `“${repeated}” is listed twice. Only its last row is saved.`} />;
}
