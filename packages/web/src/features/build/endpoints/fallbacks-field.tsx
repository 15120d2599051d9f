import { ArrowDown, ArrowUp } from "lucide-react";
import { IconButton } from "../../../components/form/button.tsx";
import { TextInput } from "../../../components/form/field.tsx";
import { RowEditor } from "../../../components/form/row-editor.tsx";

type FallbacksProps = {
  fallbacks: readonly string[];
  onChange: (fallbacks: string[]) => void;
  onLeave: () => void;
  error: string | undefined;
};

/** The list with two of its entries in each other's place. */
const swapped = (items: readonly string[], from: number, to: number) =>
  items.map((item, index) => (index === from ? (items[to] ?? item) : index === to ? (items[from] ?? item) : item));

export function FallbacksField({ fallbacks, onChange, onLeave, error }: FallbacksProps) {
  return (
    <fieldset className="flex flex-col gap-1.5">
      <legend className="text-sm font-medium">
        Fallbacks <span className="font-normal text-muted">optional</span>
      </legend>
      <p className="text-xs text-muted">
        Treadle tries these in order when a variant fails before the first byte of the response.
      </p>
      <RowEditor
        rows={fallbacks}
        onChange={(rows) => onChange([...rows])}
        blank=""
        addLabel="Add fallback"
        removeLabel={(_, place) => `Remove fallback ${place + 1}`}
        removeSize="normal"
        rowClassName="items-center gap-1"
        note={error && <p className="text-xs text-bad">{error}</p>}
      >
        {(model, change, place) => (
          <>
            <FallbackInput place={place} model={model} onChange={change} onLeave={onLeave} />
            <MoveButtons place={place} fallbacks={fallbacks} onChange={onChange} />
          </>
        )}
      </RowEditor>
    </fieldset>
  );
}

type InputProps = { place: number; model: string; onChange: (model: string) => void; onLeave: () => void };

const FallbackInput = ({ place, model, onChange, onLeave }: InputProps) => (
  <TextInput
    aria-label={`Fallback ${place + 1}`}
    list="target-names"
    value={model}
    onChange={(event) => onChange(event.target.value.trim())}
    onBlur={onLeave}
    placeholder="connection-slug/model"
    required
    className="mr-1 font-mono text-sm"
  />
);

type MoveProps = Pick<FallbacksProps, "fallbacks" | "onChange"> & { place: number };

const MoveButtons = ({ place, fallbacks, onChange }: MoveProps) => (
  <>
    <IconButton
      label={`Move fallback ${place + 1} up`}
      disabled={place === 0}
      onClick={() => onChange(swapped(fallbacks, place, place - 1))}
    >
      <ArrowUp size={14} />
    </IconButton>
    <IconButton
      label={`Move fallback ${place + 1} down`}
      disabled={place === fallbacks.length - 1}
      onClick={() => onChange(swapped(fallbacks, place, place + 1))}
    >
      <ArrowDown size={14} />
    </IconButton>
  </>
);
