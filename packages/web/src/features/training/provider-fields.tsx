import { Field, TextInput } from "../../components/field.tsx";
import { SchemaForm } from "../../components/schema-form.tsx";
import { ErrorState, Skeleton } from "../../components/states.tsx";
import { type FieldsProps, PROVIDER_USUAL, type ProviderPlace, problemsIn, providerPart } from "./run-draft.ts";
import { useFineTuners } from "./use-choices.ts";
import { useConfigSchema } from "./use-training.ts";

type ProviderProps = Pick<FieldsProps, "change" | "problems"> & { place: ProviderPlace };

/** What a provider is told of a run, and what becomes of the rows there. */
export function ProviderFields({ place, change, problems }: ProviderProps) {
  const schema = useConfigSchema();
  const tuner = useFineTuners()?.find(({ slug }) => slug === place.connection);
  const name = tuner?.name ?? place.connection;
  const examples = tuner?.models ?? [];
  return (
    <>
      <p className="rounded-control bg-warn-soft px-3 py-2 text-pretty">
        The rows leave this machine: they are sent to {name} and stay there until they are deleted there. So does the
        model, which answers here under its name for as long as the connection is there.
      </p>
      <Field
        label="The provider's model"
        error={problems.base_model}
        help="The provider's name of what learns. What it chooses itself, such as the adapter and the schedule, is not asked for here."
      >
        {(field) => (
          <>
            <TextInput
              {...field}
              list="provider-models"
              placeholder={examples[0] ?? "gpt-4.1-nano-2025-04-14"}
              value={place.model ?? ""}
              onChange={({ target }) => change({ launcher: { ...place, model: target.value || null } })}
            />
            <datalist id="provider-models">
              {examples.map((model) => (
                <option key={model} value={model} />
              ))}
            </datalist>
          </>
        )}
      </Field>
      {schema.error && <ErrorState error={schema.error} retry={() => schema.refetch()} />}
      {!schema.error && !schema.data && <Skeleton className="h-24 rounded-card" />}
      {schema.data && (
        <SchemaForm
          schema={providerPart(schema.data)}
          params={Object.fromEntries(Object.entries(place).filter(([, value]) => value !== null))}
          errors={problemsIn(problems, "launcher")}
          onChange={(params) => change({ launcher: { ...PROVIDER_USUAL, ...params, ...headOf(place) } })}
        />
      )}
    </>
  );
}

const headOf = ({ type, connection, model }: ProviderPlace) => ({ type, connection, model });
