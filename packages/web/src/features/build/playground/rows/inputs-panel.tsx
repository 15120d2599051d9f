import { Field, Select } from "../../../../components/form/field.tsx";
import { InputFields } from "../../../../components/form/input-fields.tsx";
import type { Playground } from "../runs/use-playground.ts";
import { fieldsOf } from "../state/row-inputs.ts";

const NO_PROBLEMS: Readonly<Record<string, string>> = {};

/** The inputs of the prompts: typed by hand, or each from a field of the rows. */
export function InputsPanel({ playground }: { playground: Playground }) {
  const { state, fields, rowsAnswer } = playground;
  if (state.rows) return rowsAnswer.rows.length > 0 ? <Mapping playground={playground} /> : null;
  if (fields.length === 0) return null;
  return (
    <section aria-label="Inputs" className="card flex flex-col gap-2 p-3 md:w-90 md:shrink-0 md:overflow-y-auto">
      <h2 className="text-sm font-semibold">Inputs</h2>
      <InputFields
        fields={fields}
        typed={state.inputs ?? {}}
        problems={NO_PROBLEMS}
        onChange={(inputs) => playground.save({ ...state, inputs })}
      />
      <p className="text-xs text-muted">If all inputs are empty, Treadle sends the messages unchanged.</p>
    </section>
  );
}

/** Which field of the rows fills which input. */
function Mapping({ playground }: { playground: Playground }) {
  const { state, mapping, rowsAnswer, save } = playground;
  const fields = fieldsOf(rowsAnswer.rows);
  const names = Object.keys(mapping);
  const hasMessages = fields.includes("inputs.messages") && !Object.values(mapping).includes("inputs.messages");
  const { rows } = state;
  if (!rows) return null;
  return (
    <section aria-label="Row inputs" className="card flex flex-col gap-2 p-3 md:w-90 md:shrink-0 md:overflow-y-auto">
      <h2 className="text-sm font-semibold">Row inputs</h2>
      {names.map((name) => (
        <Field key={name} label={<code className="text-xs font-medium">{name}</code>}>
          {(control) => (
            <Select
              {...control}
              value={mapping[name] ?? ""}
              onChange={({ target }) =>
                save({ ...state, rows: { ...rows, mapping: { ...rows.mapping, [name]: target.value } } })
              }
            >
              <option value="">not set</option>
              {fields.map((field) => (
                <option key={field}>{field}</option>
              ))}
            </Select>
          )}
        </Field>
      ))}
      {hasMessages && (
        <p className="text-xs text-muted">Treadle sends the messages of each row after the messages of the prompt.</p>
      )}
      {names.length === 0 && !hasMessages && (
        <p className="text-xs text-muted">
          The prompt uses no input from the rows, so every row sends the same request. Add one of these to a message:{" "}
          <code className="break-words">
            {fields
              .filter((field) => field.startsWith("inputs."))
              .map((field) => `{{${field.slice("inputs.".length)}}}`)
              .join(" ")}
          </code>
        </p>
      )}
    </section>
  );
}
