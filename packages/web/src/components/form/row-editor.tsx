import { Plus, X } from "lucide-react";
import type { ReactNode } from "react";
import { Button, IconButton } from "./button.tsx";

type EditorProps<Row> = {
  rows: readonly Row[];
  onChange: (rows: readonly Row[]) => void;
  /** The row that the button below the rows adds. */
  blank: Row;
  addLabel: ReactNode;
  removeLabel: (row: Row, place: number) => string;
  /** `disabled` where one row must stay, `hidden` where none can be removed. */
  removal?: "enabled" | "disabled" | "hidden";
  /** Gives rows of tall controls the full size of the button. */
  removeSize?: "normal" | "small";
  rowClassName?: string;
  /** Shown between the rows and the button: an error or a hint. */
  note?: ReactNode;
  /** The controls of one row, usually a name and its value. */
  children: (row: Row, change: (next: Row) => void, place: number) => ReactNode;
};

/** A list of pairs in a form, such as header names and values. Rows can be edited, removed and added. */
export function RowEditor<Row>({
  rows,
  onChange,
  blank,
  addLabel,
  removeLabel,
  removal = "enabled",
  removeSize = "small",
  rowClassName = "items-center gap-2",
  note,
  children,
}: EditorProps<Row>) {
  return (
    <>
      {rows.map((row, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows have no id, and their texts change while they are typed.
        <div key={place} className={`flex ${rowClassName}`}>
          {children(row, (next) => onChange(rows.with(place, next)), place)}
          {removal !== "hidden" && (
            <IconButton
              size={removeSize}
              label={removeLabel(row, place)}
              disabled={removal === "disabled"}
              onClick={() => onChange(rows.toSpliced(place, 1))}
            >
              <X size={14} />
            </IconButton>
          )}
        </div>
      ))}
      {note}
      <Button size="small" kind="quiet" className="self-start" onClick={() => onChange([...rows, blank])}>
        <Plus aria-hidden size={13} /> {addLabel}
      </Button>
    </>
  );
}
