import { ErrorState, Skeleton } from "../../../../components/feedback/states.tsx";
import { SchemaForm } from "../../../../components/form/schema-form.tsx";
import { Section } from "../../../../components/layout/page.tsx";
import { useConfigSchema } from "../shared/use-training.ts";
import { type FieldsProps, partsOf, problemsIn, providerOf } from "./run-draft.ts";

const TITLES: Readonly<Record<string, string>> = {
  lora: "Adapter",
  val: "Validation data",
  eval: "Evaluation",
  save: "Checkpoints",
  budget: "Budget",
  export: "Export",
};

/** The remaining settings, drawn from the schema that also validates files and API requests. */
export function SchemaFields({ draft, change, problems }: FieldsProps) {
  const schema = useConfigSchema();
  if (schema.error) return <ErrorState error={schema.error} retry={() => schema.refetch()} />;
  if (!schema.data) return <Skeleton className="h-40 rounded-card" />;
  const isAtProvider = providerOf(draft) !== undefined;
  const { single, groups } = partsOf(schema.data, isAtProvider);
  return (
    <>
      <Section title={isAtProvider ? "Other settings" : "Batch size, sequence length, optimizer and more"}>
        <div className="px-4 pb-4">
          <SchemaForm
            schema={single}
            params={draft.settings}
            errors={problems}
            onChange={(settings) => change({ settings })}
          />
        </div>
      </Section>
      <div className="grid grid-cols-2 gap-4 max-lg:grid-cols-1">
        {groups
          .filter(([name]) => name !== "lora" || draft.adapter === "lora")
          .map(([name, part]) => (
            <Section
              key={name}
              title={TITLES[name] ?? name}
              description={typeof part.description === "string" ? part.description.replaceAll("`", "") : undefined}
            >
              <div className="px-4 pb-4">
                <SchemaForm
                  schema={part}
                  params={draft.groups[name] ?? {}}
                  errors={problemsIn(problems, name)}
                  onChange={(params) => change({ groups: { ...draft.groups, [name]: params } })}
                />
              </div>
            </Section>
          ))}
      </div>
    </>
  );
}
