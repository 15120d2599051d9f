import { CalendarClock, Check, ChevronDown } from "lucide-react";
import { type FormEvent, useState } from "react";
import { Button, buttonLook } from "../form/button.tsx";
import { Field, TextInput } from "../form/field.tsx";
import { Popover } from "../overlay/popover.tsx";
import { isRelative, labelOf, RANGES, type RangeSearch, resolveRange } from "./time-range.ts";

type PickerProps = { value: RangeSearch; onChange: (range: RangeSearch) => void };

/** Presets, or any two moments in the viewer's own zone. */
export function TimeRangePicker({ value, onChange }: PickerProps) {
  const [isOpen, setIsOpen] = useState(false);
  function choose(range: RangeSearch) {
    onChange({ range: undefined, from: undefined, to: undefined, ...range });
    setIsOpen(false);
  }
  const trigger = (
    <button type="button" className={buttonLook("plain")} aria-label={`Time: ${labelOf(value)}`}>
      <CalendarClock aria-hidden size={14} className="text-muted" />
      <span className="num">{labelOf(value)}</span>
      <ChevronDown aria-hidden size={14} className="text-muted" />
    </button>
  );
  return (
    <Popover trigger={trigger} label="Time" isOpen={isOpen} setIsOpen={setIsOpen} align="end">
      <div className="flex max-sm:flex-col">
        <ul className="w-48 p-1 max-sm:w-full">
          {RANGES.map((range) => {
            const isChosen = isRelative(value) && labelOf(value) === range.label;
            return (
              <li key={range.id}>
                <button
                  type="button"
                  aria-pressed={isChosen}
                  onClick={() => choose({ range: range.id })}
                  className="flex h-8 w-full items-center justify-between rounded-control px-2 hover:bg-raised"
                >
                  {range.label}
                  {isChosen && <Check aria-hidden size={14} className="text-accent" />}
                </button>
              </li>
            );
          })}
        </ul>
        <CustomRange value={value} choose={choose} />
      </div>
    </Popover>
  );
}

/** A moment as `datetime-local` wants it: local time without a zone. */
function toLocal(iso: string) {
  const time = new Date(iso);
  return new Date(time.getTime() - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function CustomRange({ value, choose }: { value: RangeSearch; choose: (range: RangeSearch) => void }) {
  const [initial] = useState(() => resolveRange(value));
  const [error, setError] = useState<string>();
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const [from, to] = [new Date(String(form.get("from"))), new Date(String(form.get("to")))];
    if (!(from < to)) return setError("The end must come after the start.");
    choose({ from: from.toISOString(), to: to.toISOString() });
  }
  return (
    <form
      onSubmit={submit}
      className="flex w-60 flex-col gap-3 border-line border-l p-3 max-sm:w-full max-sm:border-t max-sm:border-l-0"
    >
      <Field label="From">
        {(field) => (
          <TextInput {...field} name="from" type="datetime-local" required defaultValue={toLocal(initial.from)} />
        )}
      </Field>
      <Field label="To" error={error} help={`Times in ${Intl.DateTimeFormat().resolvedOptions().timeZone}`}>
        {(field) => (
          <TextInput {...field} name="to" type="datetime-local" required defaultValue={toLocal(initial.to)} />
        )}
      </Field>
      <Button type="submit">Apply time range</Button>
    </form>
  );
}
