import { Choice } from "../../../../components/form/choice.tsx";
import { Checkbox, Field, NumberInput, Select, TextArea, TextInput } from "../../../../components/form/field.tsx";
import { useDatasetChoices } from "../../../system/choices/index.ts";
import type { Queue } from "../shared/use-queues.ts";
import { FindingFields } from "./finding-fields.tsx";
import type { ItemsDraft } from "./items-draft.ts";
import { useRunNames } from "./use-sources.ts";

type FieldsProps = { draft: ItemsDraft; change: (next: Partial<ItemsDraft>) => void };
type AllProps = FieldsProps & { queue: Queue };

/** The fields of an item source. */
export function ItemsFields({ queue, draft, change }: AllProps) {
  return (
    <>
      {draft.from === "spans" && <Spans draft={draft} change={change} />}
      {draft.from === "dataset" && <Dataset draft={draft} change={change} />}
      {draft.from === "comparison" && <Comparison draft={draft} change={change} />}
      {draft.from === "guard-findings" && <FindingFields queue={queue} draft={draft} change={change} />}
      {draft.from === "custom" ? (
        <Field
          label="Items"
          help='One JSON object per line, such as {"input": "…", "output": "…"}. Each value is shown as a field'
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
        <Field label="Maximum items">
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
      <Field label="Reason" isOptional help="Shown to reviewers of the queue">
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
      <Field label="Filter" isOptional help="Uses the filter language of the Traces page. Leave empty for all spans">
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
          label="Sampling"
          names={["random", "newest"] as const}
          words={{ random: "Random", newest: "Newest" }}
          chosen={draft.sampling}
          onChoose={(sampling) => change({ sampling })}
        />
        <p className="mt-1 text-xs text-muted">
          Only a random sample represents all spans. Its sampling rate is stored, so that rates can be estimated.
        </p>
      </div>
    </>
  );
}

function Dataset({ draft, change }: FieldsProps) {
  const { data } = useDatasetChoices();
  return (
    <Field label="Dataset" help={data?.length === 0 ? "This project has no datasets" : "Uses its latest version"}>
      {(field) => (
        <Select {...field} value={draft.datasetId} onChange={({ target }) => change({ datasetId: target.value })}>
          <option value="">Choose a dataset</option>
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
      {(["First run", "Second run"] as const).map((label, place) => (
        <Field
          key={label}
          label={label}
          help={place === 1 && "Shows the answers to the same items side by side, in random order for each person"}
        >
          {(field) => (
            <Select
              {...field}
              value={draft.runIds[place]}
              onChange={({ target }) =>
                change({ runIds: place === 0 ? [target.value, second] : [first, target.value] })
              }
            >
              <option value="">{data?.length === 0 ? "No finished runs" : "Choose a run"}</option>
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
        label="Skip items with equal answers"
        checked={draft.onlyDifferent}
        onChange={({ target }) => change({ onlyDifferent: target.checked })}
      />
    </>
  );
}
