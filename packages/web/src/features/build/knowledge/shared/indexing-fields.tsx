import { KnowledgeIndexing } from "@treadle/contract";
import { useId } from "react";
import { Field, NumberInput, TextInput } from "../../../../components/form/field.tsx";
import { errorsIn } from "./errors-in.ts";
import { useEmbeddingChoices } from "./use-embedding-choices.ts";

export type IndexingDraft = Partial<KnowledgeIndexing>;
type FieldsProps = { value: IndexingDraft; onChange: (value: IndexingDraft) => void };
type FieldProps = FieldsProps & { error: string | undefined };

/** How documents become chunks and vectors. */
export function IndexingFields(props: FieldsProps) {
  const errors = errorsIn(KnowledgeIndexing, props.value);
  return (
    <div className="grid grid-cols-2 gap-4 max-sm:grid-cols-1">
      <ModelField {...props} error={errors.embeddingModel} />
      <SizeField {...props} error={errors.chunkTokens && "Enter a whole number from 32 to 2,000."} />
      <OverlapField {...props} error={errors.overlap && "Enter a number from 0 to 50."} />
    </div>
  );
}

function ModelField({ value, onChange, error }: FieldProps) {
  const models = useEmbeddingChoices();
  const listId = useId();
  return (
    <Field
      label="Embedding model"
      isOptional
      className="col-span-full"
      help="A model of the gateway that embeds. Leave empty to use the built-in model."
      error={error}
    >
      {(field) => (
        <>
          <TextInput
            {...field}
            list={listId}
            placeholder="Built-in model"
            value={value.embeddingModel ?? ""}
            onChange={({ target }) => onChange({ ...value, embeddingModel: target.value })}
          />
          <datalist id={listId}>
            {models.data?.map((id) => (
              <option key={id} value={id} />
            ))}
          </datalist>
        </>
      )}
    </Field>
  );
}

/** The size of a chunk. */
export const SizeField = ({ value, onChange, error }: FieldProps) => (
  <Field
    label="Chunk size (tokens)"
    help="From 32 to 2,000. Smaller chunks are more precise, larger ones hold more context."
    error={error}
  >
    {(field) => (
      <NumberInput
        {...field}
        min={32}
        max={2_000}
        step={1}
        value={value.chunkTokens ?? ""}
        onChange={({ target }) => onChange({ ...value, chunkTokens: numberIn(target.valueAsNumber) })}
      />
    )}
  </Field>
);

/** How much a chunk repeats of the one before it. */
export const OverlapField = ({ value, onChange, error }: FieldProps) => (
  <Field
    label="Overlap (%)"
    help="From 0 to 50. The share of a chunk that repeats the end of the chunk before it."
    error={error}
  >
    {(field) => (
      <NumberInput
        {...field}
        min={0}
        max={50}
        step={1}
        value={value.overlap === undefined ? "" : Math.round(value.overlap * 1_000) / 10}
        onChange={({ target }) => onChange({ ...value, overlap: shareIn(target.valueAsNumber) })}
      />
    )}
  </Field>
);

const numberIn = (number: number) => (Number.isNaN(number) ? undefined : number);
const shareIn = (percent: number) => (Number.isNaN(percent) ? undefined : percent / 100);
