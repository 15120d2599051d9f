import { Link } from "@tanstack/react-router";
import { explain } from "../../../../api.ts";
import { useSettled } from "../../../../components/browser/use-settled.ts";
import { Field, NumberInput, Select, TextInput } from "../../../../components/form/field.tsx";
import { Section } from "../../../../components/layout/page.tsx";
import { formatCount, formatNumberOf } from "../../../../components/text/format.ts";
import { useDatasetChoices, useVersionChoices } from "../../../system/choices/index.ts";
import { useItemCount, useVersionStats } from "../shared/use-choices.ts";
import type { ItemsDraft, Problems } from "./experiment-draft.ts";

type FieldsProps = { draft: ItemsDraft; change: (next: Partial<ItemsDraft>) => void; problems: Problems };

/** The items of an experiment: the dataset, its version, and a selection. */
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
          This project has no datasets.{" "}
          <Link to="/datasets" search={{ new: "file" }} className="text-accent underline underline-offset-2">
            Create one
          </Link>{" "}
          first. An experiment runs on its items.
        </p>
      </Section>
    );
  return (
    <Section
      title="Items"
      description="The version is fixed when you start, so that you can repeat the experiment exactly."
    >
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
        <Field label="Version" help="The latest version of main by default">
          {(field) => (
            <Select
              {...field}
              value={draft.version}
              disabled={draft.datasetId === ""}
              onChange={({ target }) => change({ version: target.value })}
            >
              <option value="main">latest on main</option>
              <option value="draft">draft</option>
              {versions.data?.map(({ version: number, message, tags }) => (
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
              <option value="">{splits.length === 0 ? "no splits" : "all splits"}</option>
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
              ? `${formatNumberOf(matching.data, "item")} ${matching.data === 1 ? "matches" : "match"}`
              : "For example metadata.topic:refund"
          }
        >
          {(field) => (
            <TextInput {...field} value={draft.filter} onChange={({ target }) => change({ filter: target.value })} />
          )}
        </Field>
        <Field label="Maximum items" isOptional help="A random sample of this size">
          {(field) => (
            <NumberInput
              {...field}
              min={1}
              placeholder="all"
              value={draft.limit ?? ""}
              onChange={({ target }) => change({ limit: target.valueAsNumber || null })}
            />
          )}
        </Field>
        {draft.limit !== null && (
          <Field label="Seed" help="The same seed selects the same sample">
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
