import { Field, NumberInput } from "../../../components/form/field.tsx";
import type { ShadowBody } from "./use-shadows.ts";
import type { FieldsProps } from "./variant-fields.tsx";

type Cap = Extract<
  keyof ShadowBody,
  "budgetUsdPerDay" | "requestsPerDay" | "maxPairs" | "concurrency" | "queueLength" | "maxBytes" | "timeoutSeconds"
>;
type Row = { readonly name: Cap; readonly label: string; readonly help: string };

const ROWS: readonly Row[] = [
  { name: "budgetUsdPerDay", label: "Daily budget (USD)", help: "A call that could exceed it is dropped." },
  { name: "requestsPerDay", label: "Requests per day", help: "The day starts at midnight UTC." },
  { name: "maxPairs", label: "Pairs", help: "The shadow ends after this many." },
  { name: "concurrency", label: "Concurrency", help: "Mirrored calls at the same time." },
  { name: "queueLength", label: "Queue length", help: "Requests that wait. One more is dropped." },
  { name: "maxBytes", label: "Request size (bytes)", help: "Larger requests are not mirrored." },
  { name: "timeoutSeconds", label: "Timeout (seconds)", help: "A slower answer counts as failed." },
];

/** How much a shadow may use. */
export const CapFields = ({ values, errors, onChange }: FieldsProps) => (
  <div className="grid grid-cols-3 gap-4 px-4 pb-4 max-md:grid-cols-1">
    {ROWS.map((row) => (
      <CapField key={row.name} row={row} values={values} errors={errors} onChange={onChange} />
    ))}
  </div>
);

const CapField = ({ row: { name, label, help }, values, errors, onChange }: FieldsProps & { row: Row }) => (
  <Field label={label} help={help} error={errors[name]}>
    {(field) => (
      <NumberInput
        {...field}
        required
        min={0}
        value={values[name] ?? ""}
        onChange={({ target: { valueAsNumber } }) =>
          onChange({ [name]: Number.isNaN(valueAsNumber) ? undefined : valueAsNumber })
        }
      />
    )}
  </Field>
);
