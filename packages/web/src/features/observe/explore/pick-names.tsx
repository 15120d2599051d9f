import { Plus, X } from "lucide-react";
import { useState } from "react";
import { Button } from "../../../components/form/button.tsx";
import { TextInput } from "../../../components/form/field.tsx";
import { Popover } from "../../../components/overlay/popover.tsx";

export type Choice = { name: string; label: string };
type PickProps = {
  label: string;
  chosen: readonly string[];
  choices: readonly Choice[];
  most: number;
  /** The fewest that must stay. */
  fewest: number;
  onChange: (chosen: readonly string[]) => void;
};

/** An ordered list of names to remove from, and a menu to add to it. */
export function PickNames({ label, chosen, choices, most, fewest, onChange }: PickProps) {
  const [isOpen, setIsOpen] = useState(false);
  const labelOf = (name: string) => choices.find((choice) => choice.name === name)?.label ?? name;
  const trigger = (
    <Button size="small" kind="quiet" aria-label={`Add to ${label.toLowerCase()}`} disabled={chosen.length >= most}>
      <Plus aria-hidden size={13} /> Add
    </Button>
  );
  return (
    <fieldset className="flex min-w-0 flex-wrap items-center gap-1">
      <legend className="float-left mr-1 w-18 py-1 text-xs text-muted">{label}</legend>
      {chosen.map((name) => (
        <span
          key={name}
          className="inline-flex h-7 items-center rounded-control border border-line-strong bg-panel pl-2 text-xs"
        >
          {labelOf(name)}
          <button
            type="button"
            aria-label={`Remove ${labelOf(name)}`}
            disabled={chosen.length <= fewest}
            onClick={() => onChange(chosen.filter((other) => other !== name))}
            className="flex size-6 items-center justify-center rounded text-muted hover:text-text disabled:opacity-40"
          >
            <X size={12} />
          </button>
        </span>
      ))}
      <Popover trigger={trigger} label={`Add to ${label.toLowerCase()}`} isOpen={isOpen} setIsOpen={setIsOpen}>
        <PickList
          choices={choices.filter(({ name }) => !chosen.includes(name))}
          onPick={(name) => {
            onChange([...chosen, name]);
            setIsOpen(false);
          }}
        />
      </Popover>
    </fieldset>
  );
}

function PickList({ choices, onPick }: { choices: readonly Choice[]; onPick: (name: string) => void }) {
  const [word, setWord] = useState("");
  const found = choices.filter(({ name, label }) => `${name} ${label}`.toLowerCase().includes(word.toLowerCase()));
  return (
    <form
      className="w-64"
      onSubmit={(event) => {
        event.preventDefault();
        if (found[0]) onPick(found[0].name);
      }}
    >
      <div className="border-line border-b p-1.5">
        <TextInput
          aria-label="Find"
          placeholder="Find…"
          value={word}
          onChange={({ target }) => setWord(target.value)}
          autoFocus
        />
      </div>
      <ul className="max-h-72 overflow-y-auto p-1">
        {found.map(({ name, label }) => (
          <li key={name}>
            <button
              type="button"
              onClick={() => onPick(name)}
              className="flex min-h-7.5 w-full items-center rounded-control px-2 text-left hover:bg-raised"
            >
              {label}
            </button>
          </li>
        ))}
        {found.length === 0 && <li className="px-2 py-2 text-xs text-muted">No matches.</li>}
      </ul>
    </form>
  );
}
