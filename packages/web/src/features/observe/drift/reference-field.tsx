import { Field, Select, TextInput } from "../../../components/form/field.tsx";
import { useDatasetChoices } from "../../system/choices/index.ts";
import type { NewWatch } from "./use-drift.ts";

type Source = NonNullable<NewWatch["reference"]>;
export type ReferenceDraft = {
  readonly kind: "week" | "range" | "dataset";
  /** Days, such as `2026-01-31`. */
  readonly from: string;
  readonly to: string;
  readonly datasetId: string;
};

export const NO_REFERENCE: ReferenceDraft = { kind: "week", from: "", to: "", datasetId: "" };

const DAY_MS = 86_400_000;
const WEEK_DAYS = 7;

/** The 7 days before yesterday in UTC, as the server chooses them for a new watch. */
export function lastWeek(now: number): Source {
  const to = (Math.floor(now / DAY_MS) - 1) * DAY_MS;
  return { kind: "range", from: new Date(to - WEEK_DAYS * DAY_MS).toISOString(), to: new Date(to).toISOString() };
}

/** The reference of the form. Undefined for the last week, which the server chooses. */
export function toSource({ kind, from, to, datasetId }: ReferenceDraft): Source | undefined {
  if (kind === "dataset") return { kind, datasetId };
  if (kind === "week") return undefined;
  const end = new Date(Date.parse(`${to}T00:00:00.000Z`) + DAY_MS);
  return { kind, from: `${from}T00:00:00.000Z`, to: end.toISOString() };
}

type FieldProps = {
  value: ReferenceDraft;
  onChange: (value: ReferenceDraft) => void;
  error: string | undefined;
};

/** What the texts are compared with. */
export function ReferenceField({ value, onChange, error }: FieldProps) {
  const set = (next: Partial<ReferenceDraft>) => onChange({ ...value, ...next });
  return (
    <>
      <Field label="Reference" help="Its texts are read once and do not change." error={error}>
        {(field) => (
          <Select
            {...field}
            value={value.kind}
            onChange={({ target }) => set({ kind: KINDS.find((kind) => kind === target.value) ?? "week" })}
          >
            <option value="week">The 7 days before yesterday</option>
            <option value="range">A chosen time range</option>
            <option value="dataset">A dataset</option>
          </Select>
        )}
      </Field>
      {value.kind === "range" && <DayFields value={value} set={set} />}
      {value.kind === "dataset" && <DatasetField value={value} set={set} />}
    </>
  );
}

const KINDS = ["week", "range", "dataset"] as const;
type PartProps = { value: ReferenceDraft; set: (next: Partial<ReferenceDraft>) => void };

const DayFields = ({ value, set }: PartProps) => (
  <div className="grid grid-cols-2 gap-4">
    <Field label="First day (UTC)">
      {(field) => (
        <TextInput
          {...field}
          type="date"
          required
          value={value.from}
          onChange={({ target }) => set({ from: target.value })}
        />
      )}
    </Field>
    <Field label="Last day (UTC)">
      {(field) => (
        <TextInput
          {...field}
          type="date"
          required
          min={value.from}
          value={value.to}
          onChange={({ target }) => set({ to: target.value })}
        />
      )}
    </Field>
  </div>
);

function DatasetField({ value, set }: PartProps) {
  const datasets = useDatasetChoices();
  return (
    <Field label="Dataset" help="The newest version of its main branch.">
      {(field) => (
        <Select {...field} required value={value.datasetId} onChange={({ target }) => set({ datasetId: target.value })}>
          <option value="">Choose a dataset</option>
          {datasets.data?.map(({ datasetId, name }) => (
            <option key={datasetId} value={datasetId}>
              {name}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}
