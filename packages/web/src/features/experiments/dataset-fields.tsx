import { Link } from "@tanstack/react-router";
import { explain } from "../../api.ts";
import { Field, NumberInput, Select, TextInput } from "../../components/field.tsx";
import { formatCount } from "../../components/format.ts";
import { Section } from "../../components/page.tsx";
import { useSettled } from "../../components/use-settled.ts";
import { useDatasetChoices, useVersionChoices } from "../choices/index.ts";
import type { ItemsDraft, Problems } from "./experiment-draft.ts";
import { useItemCount, useVersionStats } from "./use-choices.ts";

type FieldsProps = { draft: ItemsDraft; change: (next: Partial<ItemsDraft>) => void; problems: Problems };

/** Which items are answered: a dataset, its version, and what of it. */
export function DatasetFields({ draft, change, problems }: FieldsProps) {
  const datasets = useDatasetChoices();
  const versions = useVersionChoices(draft.datasetId);
  const stats = useVersionStats(draft.datasetId, draft.version);
  const filter = useSettled(draft.filter.trim(), 500);
  const matching = useItemCount({ datasetId: draft.datasetId, at: draft.version, filter });
  const splits = stats.data?.splits.flatMap(({ split }) => (split === null ? [] : [split])) ?? [];
  if (datasets.data?.length === 0)
    return (
      <Section title="Items">
        <p className="px-4 pb-4">
          There is no dataset yet.{" "}
          <Link to="/datasets" search={{ new: "file" }} className="text-accent underline underline-offset-2">
            Make one
          </Link>{" "}
          first: its items are what is answered.
        </p>
      </Section>
    );
  return (
    <Section title="Items" description="The version is fixed at the start, so that it can be run again to the letter.">
      <div className="grid grid-cols-3 gap-4 px-4 pb-4 max-md:grid-cols-1">
        <Field label="Dataset" error={problems.dataset}>
          {(field) => (
            <Select
              {...field}
              value={draft.datasetId}
              onChange={({ target }) => change({ datasetId: target.value, version: "main", split: "", filter: "" })}
            >
              <option value="">Choose a dataset</option>
              {datasets.data?.map(({ datasetId, name, rows }) => (
                <option key={datasetId} value={datasetId}>
                  {name} ({formatCount(rows)})
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label="Version" help="The newest one of main unless you choose">
          {(field) => (
            <Select
              {...field}
              value={draft.version}
              disabled={draft.datasetId === ""}
              onChange={({ target }) => change({ version: target.value })}
            >
              <option value="main">newest of main</option>
              <option value="draft">the draft</option>
              {versions.data?.map(({ number, message, tags }) => (
                <option key={number} value={String(number)}>
                  {[`${number}`, tags.join(", "), message.split("\n")[0]?.slice(0, 50)].filter(Boolean).join(" · ")}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label="Split">
          {(field) => (
            <Select
              {...field}
              value={draft.split}
              disabled={splits.length === 0}
              onChange={({ target }) => change({ split: target.value })}
            >
              <option value="">{splits.length === 0 ? "it has no splits" : "every split"}</option>
              {splits.map((split) => (
                <option key={split}>{split}</option>
              ))}
            </Select>
          )}
        </Field>
        <Field
          label="Filter"
          isOptional
          error={matching.error ? explain(matching.error) : undefined}
          help={
            draft.filter.trim() !== "" && matching.data !== undefined
              ? `${formatCount(matching.data)} items match`
              : "Such as metadata.topic:refund"
          }
        >
          {(field) => (
            <TextInput {...field} value={draft.filter} onChange={({ target }) => change({ filter: target.value })} />
          )}
        </Field>
        <Field label="At most" isOptional help="So many items, drawn at random">
          {(field) => (
            <NumberInput
              {...field}
              min={1}
              placeholder="all of them"
              value={draft.limit ?? ""}
              onChange={({ target }) => change({ limit: target.valueAsNumber || null })}
            />
          )}
        </Field>
        {draft.limit !== null && (
          <Field label="Seed" help="The same seed draws the same items">
            {(field) => (
              <NumberInput
                {...field}
                min={0}
                value={draft.seed}
                onChange={({ target }) => change({ seed: target.valueAsNumber || 0 })}
              />
            )}
          </Field>
        )}
      </div>
    </Section>
  );
}
