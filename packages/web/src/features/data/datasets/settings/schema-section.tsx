import type { Dataset, DatasetSchema } from "@treadle/contract";
import { useState } from "react";
import { Failure } from "../../../../components/feedback/failure.tsx";
import { toastDone } from "../../../../components/feedback/toast.tsx";
import { Button } from "../../../../components/form/button.tsx";
import { Field } from "../../../../components/form/field.tsx";
import { GrowingText } from "../../../../components/form/growing-text.tsx";
import { Section } from "../../../../components/layout/page.tsx";
import { reasonOf } from "../items/item-editor.tsx";
import { useUpdateDataset } from "../shared/use-datasets.ts";

const PARTS = ["inputs", "expected", "metadata"] as const;
const EXAMPLES = {
  inputs: '{ "type": "object", "required": ["question"], "properties": { "question": { "type": "string" } } }',
  expected: '{ "enum": ["refund", "delivery", "other"] }',
  metadata: '{ "type": "object" }',
} as const;

/** JSON schemas that every item must match; existing items are checked before a schema is saved. */
export function SchemaSection({ dataset, canWrite }: { dataset: Dataset; canWrite: boolean }) {
  const update = useUpdateDataset();
  const [texts, setTexts] = useState(() => textsOf(dataset.schema));
  const read = PARTS.map((part) => ({ part, ...readSchema(texts[part]) }));
  const isWrong = read.some(({ problem }) => problem !== undefined);
  const isChanged = JSON.stringify(texts) !== JSON.stringify(textsOf(dataset.schema));
  function save() {
    const schema: DatasetSchema = { inputs: null, expected: null, metadata: null };
    for (const { part, value } of read) schema[part] = value ?? null;
    update.mutate(
      { datasetId: dataset.datasetId, body: { schema } },
      { onSuccess: () => toastDone("Schema saved. All items match it") },
    );
  }
  return (
    <Section
      title="Schema"
      description="A JSON schema for every item. Imports, edits and curation that would violate it are rejected."
    >
      <fieldset disabled={!canWrite} className="flex flex-col gap-4 px-4 pb-4 text-base">
        {read.map(({ part, problem }) => (
          <Field key={part} label={part.slice(0, 1).toUpperCase() + part.slice(1)} isOptional error={problem}>
            {(field) => (
              <GrowingText
                {...field}
                spellCheck={false}
                value={texts[part]}
                placeholder={EXAMPLES[part]}
                onChange={({ target }) => setTexts({ ...texts, [part]: target.value })}
                className="font-mono text-xs"
              />
            )}
          </Field>
        ))}
        <Failure text={update.error ? reasonOf(update.error) : undefined} />
        {canWrite && (
          <Button
            kind="primary"
            className="self-start"
            disabled={!isChanged || isWrong}
            isBusy={update.isPending}
            onClick={save}
          >
            Check and save
          </Button>
        )}
      </fieldset>
    </Section>
  );
}

const textsOf = (schema: DatasetSchema) => ({
  inputs: textOf(schema.inputs),
  expected: textOf(schema.expected),
  metadata: textOf(schema.metadata),
});
const textOf = (part: DatasetSchema["inputs"]) => (part === null ? "" : JSON.stringify(part, null, 2));

function readSchema(text: string): { value?: Record<string, unknown>; problem?: string } {
  if (text.trim() === "") return {};
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null || Array.isArray(value))
      return { problem: "A schema must be an object." };
    return { value: { ...value } };
  } catch (error) {
    return { problem: `This is not JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
}
