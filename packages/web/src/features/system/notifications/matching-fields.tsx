import { SEVERITIES, type Severity } from "@treadle/contract";
import { Checkbox, TextInput } from "../../../components/form/field.tsx";
import { RowEditor } from "../../../components/form/row-editor.tsx";
import { SEVERITY_WORDS } from "../../../components/text/severity.ts";

type SeverityProps = {
  severities: readonly Severity[];
  error: string | undefined;
  onChange: (severities: Severity[]) => void;
};

export function SeverityFields({ severities, error, onChange }: SeverityProps) {
  const set = (severity: Severity, isOn: boolean) =>
    onChange(SEVERITIES.filter((one) => (one === severity ? isOn : severities.includes(one))));
  return (
    <fieldset>
      <legend className="mb-1 text-sm font-medium">Severities</legend>
      <div className="flex flex-wrap gap-x-5 gap-y-2">
        {SEVERITIES.map((severity) => (
          <Checkbox
            key={severity}
            label={SEVERITY_WORDS[severity]}
            checked={severities.includes(severity)}
            onChange={({ target }) => set(severity, target.checked)}
          />
        ))}
      </div>
      {error && <p className="mt-1 text-xs text-bad">Choose at least one severity.</p>}
    </fieldset>
  );
}

type Matcher = { label: string; isNot?: boolean | undefined; value: string };
const NO_MATCHER: Matcher = { label: "", isNot: false, value: "" };

type LabelProps = { matchers: readonly Matcher[]; error: string | undefined; onChange: (matchers: Matcher[]) => void };

export function LabelFields({ matchers, error, onChange }: LabelProps) {
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1 text-sm font-medium">Labels</legend>
      <p className="text-xs text-muted">All must match. In values, * stands for any text.</p>
      <RowEditor
        rows={matchers}
        onChange={(rows) => onChange([...rows])}
        blank={NO_MATCHER}
        addLabel="Add label"
        removeLabel={({ label }) => `Remove ${label || "label"}`}
        note={error && <p className="text-xs text-bad">{error}</p>}
      >
        {(row, change) => <MatcherRow row={row} change={change} />}
      </RowEditor>
    </fieldset>
  );
}

function MatcherRow({ row, change }: { row: Matcher; change: (row: Matcher) => void }) {
  return (
    <>
      <TextInput
        aria-label="Label"
        value={row.label}
        placeholder="team"
        onChange={({ target }) => change({ ...row, label: target.value })}
      />
      <select
        aria-label="Comparison"
        value={row.isNot ? "not" : "is"}
        onChange={({ target }) => change({ ...row, isNot: target.value === "not" })}
        className="control shrink-0"
      >
        <option value="is">is</option>
        <option value="not">is not</option>
      </select>
      <TextInput
        aria-label="Value"
        value={row.value}
        placeholder="search"
        onChange={({ target }) => change({ ...row, value: target.value })}
      />
    </>
  );
}
