import { ArrowDown, ArrowUp } from "lucide-react";
import { IconButton } from "../../../components/form/button.tsx";
import { Checkbox, NumberInput, TextInput } from "../../../components/form/field.tsx";
import { RowEditor } from "../../../components/form/row-editor.tsx";
import {
  CLASS_WORDS,
  criteriaWords,
  type FallbackInput,
  type FallbackRow,
  nextRow,
  swapRows,
  toggleClass,
  toRows,
} from "./routing-draft.ts";

const HELP =
  "Treadle tries these when a variant fails before the first byte of the response. The lowest priority number comes first. Equal numbers are alternatives.";

type FallbacksProps = {
  fallbacks: readonly FallbackInput[];
  onChange: (fallbacks: FallbackRow[]) => void;
  onLeave: () => void;
  error: string | undefined;
};

/** The models that answer after a failure: a priority each, and the failures after which they are tried. */
export function FallbacksField({ fallbacks, onChange, onLeave, error }: FallbacksProps) {
  const rows = toRows(fallbacks);
  return (
    <fieldset className="flex flex-col gap-1.5">
      <legend className="text-sm font-medium">
        Fallbacks <span className="font-normal text-muted">optional</span>
      </legend>
      <p className="text-xs text-muted">{HELP}</p>
      <RowEditor
        rows={rows}
        onChange={(next) => onChange([...next])}
        blank={nextRow(rows)}
        addLabel="Add fallback"
        removeLabel={(_, place) => `Remove fallback ${place + 1}`}
        removeSize="normal"
        rowClassName="flex-wrap items-center gap-1"
        note={error && <p className="text-xs text-bad">{error}</p>}
      >
        {(row, change, place) => (
          <>
            <FallbackInputs place={place} row={row} onChange={change} onLeave={onLeave} />
            <MoveButtons place={place} rows={rows} onChange={onChange} />
            <Criteria place={place} row={row} onChange={change} />
          </>
        )}
      </RowEditor>
    </fieldset>
  );
}

type RowProps = { place: number; row: FallbackRow; onChange: (row: FallbackRow) => void };

const FallbackInputs = ({ place, row, onChange, onLeave }: RowProps & { onLeave: () => void }) => (
  <>
    <TextInput
      aria-label={`Fallback ${place + 1}`}
      list="target-names"
      value={row.model}
      onChange={(event) => onChange({ ...row, model: event.target.value.trim() })}
      onBlur={onLeave}
      placeholder="connection-slug/model"
      required
      className="w-auto! min-w-40 flex-1 font-mono text-sm max-sm:basis-full"
    />
    <span aria-hidden className="ml-1 text-xs text-muted">
      priority
    </span>
    <NumberInput
      aria-label={`Priority of fallback ${place + 1}`}
      min={1}
      max={20}
      step={1}
      required
      value={row.priority}
      onChange={(event) => onChange({ ...row, priority: event.target.valueAsNumber || 1 })}
      className="mr-1 w-14! shrink-0"
    />
  </>
);

function Criteria({ place, row, onChange }: RowProps) {
  const words = criteriaWords(row.on);
  return (
    <details className="order-last basis-full text-sm">
      <summary className={`w-fit cursor-pointer text-xs ${row.on.length === 0 ? "text-bad" : "text-muted"}`}>
        {row.on.length === 0
          ? "Choose at least one failure"
          : words === ""
            ? "After any failure"
            : `A${words.slice(1)}`}
      </summary>
      <fieldset
        aria-label={`Failures before fallback ${place + 1}`}
        className="mt-2 mb-1 flex flex-wrap gap-x-4 gap-y-1.5 border-l border-line pl-3"
      >
        {(Object.keys(CLASS_WORDS) as (keyof typeof CLASS_WORDS)[]).map((name) => (
          <Checkbox
            key={name}
            label={CLASS_WORDS[name]}
            checked={row.on.includes(name)}
            onChange={(event) => onChange(toggleClass(row, name, event.target.checked))}
          />
        ))}
      </fieldset>
    </details>
  );
}

type MoveProps = { place: number; rows: readonly FallbackRow[]; onChange: (rows: FallbackRow[]) => void };

const MoveButtons = ({ place, rows, onChange }: MoveProps) => (
  <>
    <IconButton
      label={`Move fallback ${place + 1} up`}
      disabled={place === 0}
      onClick={() => onChange(swapRows(rows, place, place - 1))}
    >
      <ArrowUp size={14} />
    </IconButton>
    <IconButton
      label={`Move fallback ${place + 1} down`}
      disabled={place === rows.length - 1}
      onClick={() => onChange(swapRows(rows, place, place + 1))}
    >
      <ArrowDown size={14} />
    </IconButton>
  </>
);
