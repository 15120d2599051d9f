import { Choice } from "../../components/choice.tsx";
import { Checkbox, Field, NumberInput, Select, TextArea, TextInput } from "../../components/field.tsx";
import { useDatasetChoices } from "../choices/index.ts";
import type { ItemsDraft } from "./items-draft.ts";
import { useRunNames } from "./use-sources.ts";

type FieldsProps = { draft: ItemsDraft; change: (next: Partial<ItemsDraft>) => void };

/** The fields of a source. */
export function ItemsFields({ draft, change }: FieldsProps) {
  return (
    <>
      {draft.from === "spans" && <Spans draft={draft} change={change} />}
      {draft.from === "dataset" && <Dataset draft={draft} change={change} />}
      {draft.from === "comparison" && <Comparison draft={draft} change={change} />}
      {draft.from === "custom" ? (
        <Field
          label="Items"
          help='One JSON object on a line, such as {"input": "…", "output": "…"}; each of its values is shown as a field'
        >
          {(field) => (
            <TextArea
              {...field}
              rows={8}
              value={draft.lines}
              className="font-mono text-xs"
              onChange={({ target }) => change({ lines: target.value })}
            />
          )}
        </Field>
      ) : (
        <Field label="How many at most">
          {(field) => (
            <NumberInput
              {...field}
              value={Number.isNaN(draft.size) ? "" : draft.size}
              min={1}
              max={20_000}
              step={1}
              className="max-w-40"
              onChange={({ target }) => change({ size: target.valueAsNumber })}
            />
          )}
        </Field>
      )}
      <Field label="Why these" isOptional help="Shown to those who run the queue">
        {(field) => (
          <TextInput
            {...field}
            value={draft.reason}
            maxLength={500}
            onChange={({ target }) => change({ reason: target.value })}
          />
        )}
      </Field>
    </>
  );
}

function Spans({ draft, change }: FieldsProps) {
  return (
    <>
      <Field label="Filter" isOptional help="In the language of the Traces page; empty for all">
        {(field) => (
          <TextInput
            {...field}
            value={draft.filter}
            maxLength={2_000}
            className="font-mono text-sm"
            placeholder="kind:generation environment:production"
            onChange={({ target }) => change({ filter: target.value })}
          />
        )}
      </Field>
      <div>
        <Choice
          label="Which of them"
          names={["random", "newest"] as const}
          words={{ random: "At random", newest: "The newest" }}
          chosen={draft.sampling}
          onChoose={(sampling) => change({ sampling })}
        />
        <p className="mt-1 text-xs text-muted">
          Only what is drawn at random stands for all of them; the chance of each is kept, so that rates can be told.
        </p>
      </div>
    </>
  );
}

function Dataset({ draft, change }: FieldsProps) {
  const { data } = useDatasetChoices();
  return (
    <Field label="Dataset" help={data?.length === 0 ? "This project has no dataset yet" : "Its newest version"}>
      {(field) => (
        <Select {...field} value={draft.datasetId} onChange={({ target }) => change({ datasetId: target.value })}>
          <option value="">Choose one</option>
          {data?.map(({ datasetId, name }) => (
            <option key={datasetId} value={datasetId}>
              {name}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}

function Comparison({ draft, change }: FieldsProps) {
  const { data } = useRunNames();
  const [first, second] = draft.runIds;
  return (
    <>
      {(["One run", "The other"] as const).map((label, place) => (
        <Field
          key={label}
          label={label}
          help={place === 1 && "Their answers to the same items stand side by side; sides are drawn for each person"}
        >
          {(field) => (
            <Select
              {...field}
              value={draft.runIds[place]}
              onChange={({ target }) =>
                change({ runIds: place === 0 ? [target.value, second] : [first, target.value] })
              }
            >
              <option value="">{data?.length === 0 ? "No run has ended yet" : "Choose one"}</option>
              {data?.map(({ runId, name, about }) => (
                <option key={runId} value={runId}>
                  {name} · {about}
                </option>
              ))}
            </Select>
          )}
        </Field>
      ))}
      <Checkbox
        label="Leave out items that both answered alike"
        checked={draft.onlyDifferent}
        onChange={({ target }) => change({ onlyDifferent: target.checked })}
      />
    </>
  );
}
