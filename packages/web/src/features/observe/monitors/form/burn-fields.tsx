import { SEVERITIES } from "@treadle/contract";
import { NumberInput, Select } from "../../../../components/form/field.tsx";
import { RowEditor } from "../../../../components/form/row-editor.tsx";
import { SEVERITY_WORDS } from "../../../../components/text/severity.ts";
import type { BurnRow, NumberValue } from "./monitor-draft.ts";
import { NumberField } from "./number-field.tsx";
import type { MonitorForm } from "./use-monitor-form.ts";

const BLANK: BurnRow = { burnRate: 6, longMinutes: 360, shortMinutes: 30, severity: "critical" };
const COLUMNS =
  "grid grid-cols-[4rem_5rem_5rem_minmax(6rem,1fr)] grow gap-2 max-sm:grid-cols-[3.5rem_3.75rem_3.75rem_minmax(5.25rem,1fr)] max-sm:gap-1.5";
const MOST_PAIRS = 6;

/** The objective, and the pairs of windows in which its error budget may not be used too fast. */
export const BurnFields = ({ form }: { form: MonitorForm }) => (
  <>
    <div className="max-w-60">
      <NumberField
        label="Objective (%)"
        help="The share of requests that must be good over 30 days."
        scale={100}
        error={form.errors.objective}
        value={form.draft.objective}
        onChange={(objective) => form.set({ objective })}
        onLeave={() => form.touch("objective")}
      />
    </div>
    <WindowsField form={form} />
  </>
);

const WindowsField = ({ form: { draft, errors, set, touch } }: { form: MonitorForm }) => (
  <fieldset className="flex min-w-0 flex-col gap-1.5 overflow-x-auto" onBlur={() => touch("windows")}>
    <legend className="mb-1 text-sm font-medium">Windows</legend>
    <div aria-hidden className={`${COLUMNS} pr-8 text-xs text-muted`}>
      <span>Burn rate</span>
      <span>Long (min)</span>
      <span>Short (min)</span>
      <span>Severity</span>
    </div>
    <RowEditor
      rows={draft.windows}
      onChange={(windows) => set({ windows: windows.slice(0, MOST_PAIRS) })}
      blank={BLANK}
      addLabel="Add windows"
      removeLabel={(_, place) => `Remove windows ${place + 1}`}
      removal={draft.windows.length > 1 ? "enabled" : "disabled"}
      note={<WindowsNote error={errors.windows} />}
    >
      {(row, change, place) => <BurnRowFields row={row} onChange={change} place={place} />}
    </RowEditor>
  </fieldset>
);

const WindowsNote = ({ error }: { error: string | undefined }) => (
  <p className={`text-xs text-pretty ${error ? "text-bad" : "text-muted"}`}>
    {error ??
      "A burn rate of 1 uses the whole budget in 30 days. The rate must be exceeded in both windows. The short one ends the alarm soon after the problem."}
  </p>
);

type RowProps = { row: BurnRow; onChange: (row: BurnRow) => void; place: number };

function BurnRowFields({ row, onChange, place }: RowProps) {
  const number = (name: "burnRate" | "longMinutes" | "shortMinutes", label: string) => (
    <NumberInput
      aria-label={`${label} ${place + 1}`}
      min={0}
      value={row[name] ?? ""}
      onChange={({ target }) => onChange({ ...row, [name]: numberOf(target.valueAsNumber) })}
    />
  );
  return (
    <div className={COLUMNS}>
      {number("burnRate", "Burn rate")}
      {number("longMinutes", "Long window in minutes")}
      {number("shortMinutes", "Short window in minutes")}
      <Select
        aria-label={`Severity ${place + 1}`}
        value={row.severity}
        onChange={({ target }) =>
          onChange({ ...row, severity: SEVERITIES.find((one) => one === target.value) ?? row.severity })
        }
      >
        {SEVERITIES.map((one) => (
          <option key={one} value={one}>
            {SEVERITY_WORDS[one]}
          </option>
        ))}
      </Select>
    </div>
  );
}

const numberOf = (value: number): NumberValue => (Number.isNaN(value) ? null : value);
