import { ErrorState, Skeleton } from "../../../../components/feedback/states.tsx";
import { Field, TextInput } from "../../../../components/form/field.tsx";
import { SchemaForm } from "../../../../components/form/schema-form.tsx";
import { useFineTuners } from "../shared/use-choices.ts";
import { useConfigSchema } from "../shared/use-training.ts";
import { type FieldsProps, PROVIDER_USUAL, type ProviderPlace, problemsIn, providerPart } from "./run-draft.ts";

type ProviderProps = Pick<FieldsProps, "change" | "problems"> & { place: ProviderPlace };

/** The provider's model and settings, with a warning that the rows leave this machine. */
export function ProviderFields({ place, change, problems }: ProviderProps) {
  const schema = useConfigSchema();
  const tuner = useFineTuners()?.find(({ slug }) => slug === place.connection);
  const name = tuner?.name ?? place.connection;
  const examples = tuner?.models ?? [];
  return (
    <>
      <p className="rounded-control bg-warn-soft px-3 py-2 text-pretty">
        The rows are sent to {name} and stay there until you delete them there. The trained model also stays there. You
        can call it by its name here while the connection exists.
      </p>
      <Field
        label="Provider's model"
        error={problems.base_model}
        help="The provider's name for the base model. Settings that the provider chooses, such as the adapter and the schedule, are not shown here."
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
