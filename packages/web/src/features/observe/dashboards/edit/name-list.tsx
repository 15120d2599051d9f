import { ArrowUp, X } from "lucide-react";
import type { ReactNode } from "react";
import { Field, Select } from "../../../../components/form/field.tsx";

export type NameChoice = { name: string; label: string; group: string };
type ListProps = {
  label: string;
  /** The words of the list that adds one. */
  add: string;
  help?: string;
  chosen: readonly string[];
  choices: readonly NameChoice[];
  labelOf: (name: string) => string;
  fewest: number;
  most: number;
  onChange: (chosen: string[]) => void;
};

/** Names in an order: the first is what matters most. Each can be taken out or brought to the front. */
export function NameList({ label, add, help, chosen, choices, labelOf, fewest, most, onChange }: ListProps) {
  const free = choices.filter(({ name }) => !chosen.includes(name));
  const groups = [...new Set(free.map(({ group }) => group))];
  return (
    <div className="flex flex-col gap-1.5">
      {chosen.length > 0 && (
        <ol aria-label={label} className="flex flex-col gap-1">
          {chosen.map((name, place) => (
            <li key={name} className="control flex h-8 items-center gap-1 pr-1">
              <span className="min-w-0 grow truncate">{labelOf(name)}</span>
              {place > 0 && (
                <RowButton
                  label={`Move ${labelOf(name)} to the front`}
                  onClick={() => onChange([name, ...chosen.filter((other) => other !== name)])}
                >
                  <ArrowUp size={14} />
                </RowButton>
              )}
              {chosen.length > fewest && (
                <RowButton
                  label={`Remove ${labelOf(name)}`}
                  onClick={() => onChange(chosen.filter((other) => other !== name))}
                >
                  <X size={14} />
                </RowButton>
              )}
            </li>
          ))}
        </ol>
      )}
      {/* Where there is only one, the next one takes its place. */}
      {(chosen.length < most || most === 1) && (
        <Field label={<span className="sr-only">{add}</span>} help={help}>
          {(field) => (
            <Select
              {...field}
              value=""
              onChange={({ target }) => target.value && onChange([...(most === 1 ? [] : chosen), target.value])}
            >
              <option value="">{most === 1 && chosen.length > 0 ? "Replace" : add}…</option>
              {groups.map((group) => (
                <optgroup key={group} label={group}>
                  {free
                    .filter((choice) => choice.group === group)
                    .map((choice) => (
                      <option key={choice.name} value={choice.name}>
                        {choice.label}
                      </option>
                    ))}
                </optgroup>
              ))}
            </Select>
          )}
        </Field>
      )}
    </div>
  );
}

function RowButton({ label, onClick, children }: { label: string; onClick: () => void; children: ReactNode }) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      onClick={onClick}
      className="inline-flex size-6 shrink-0 items-center justify-center rounded text-muted hover:bg-raised hover:text-text"
    >
      {children}
    </button>
  );
}
