import { endpointsApi } from "@treadle/contract";
import { toastDone } from "../../../components/feedback/toast.tsx";
import { Field, NumberInput, TextInput } from "../../../components/form/field.tsx";
import { FormDialog } from "../../../components/form/form-dialog.tsx";
import { helpOf, useFormState } from "../../../components/form/form-state.ts";
import { followRenames } from "./routing-draft.ts";
import { RoutingFields } from "./routing-fields.tsx";
import { SemanticCacheField } from "./semantic-cache-field.tsx";
import { type Endpoint, usePromptNames, useSaveEndpoint, useTargetNames } from "./use-endpoints.ts";
import { VariantsField } from "./variants-field.tsx";

const BODY = endpointsApi["POST /api/v1/endpoints"].body;

/** Makes an endpoint or changes one: its name, who answers with which share, and who steps in. */
export function EndpointForm({ endpoint, close }: { endpoint: Endpoint | undefined; close: () => void }) {
  const save = useSaveEndpoint(endpoint?.endpointId);
  const names = useTargetNames();
  const prompts = usePromptNames();
  const form = useFormState({
    schema: BODY,
    initial: endpoint ? fieldsOf(endpoint) : { variants: [{ model: "", weight: 1 }], fallbacks: [] },
    draft: `endpoint.${endpoint?.endpointId ?? "new"}`,
  });
  async function submit() {
    const isSaved = await form.submit((body) => save.mutateAsync(body));
    if (!isSaved) return;
    toastDone(`Saved ${form.values.name}. The next request uses it.`);
    close();
  }
  return (
    <FormDialog
      title={endpoint ? `Edit ${endpoint.name}` : "New endpoint"}
      form={form}
      verb="Save endpoint"
      width="wide"
      onSubmit={submit}
      close={close}
      onCancel={() => {
        form.discard();
        close();
      }}
    >
      <datalist id="target-names">
        {names.data
          ?.filter((name) => name !== endpoint?.name)
          .map((name) => (
            <option key={name} value={name} />
          ))}
      </datalist>
      <datalist id="prompt-names">
        {prompts.data?.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <Field label="Name" help="The model name that applications send" error={form.errors.name}>
        {(field) => (
          <TextInput
            {...field}
            {...form.text("name")}
            placeholder="support"
            required
            autoFocus
            className="font-mono text-sm"
          />
        )}
      </Field>
      <Field label="Description" isOptional error={form.errors.description}>
        {(field) => <TextInput {...field} {...form.text("description")} />}
      </Field>
      <VariantsField
        variants={form.values.variants ?? []}
        strategy={form.values.strategy ?? "weight"}
        onChange={(variants) =>
          form.set({ variants, rules: followRenames(form.values.rules ?? [], form.values.variants ?? [], variants) })
        }
        onLeave={() => form.check("variants")}
        error={form.errors.variants}
      />
      <RoutingFields form={form} />
      <Field
        label="Exact cache (seconds)"
        isOptional
        help={helpOf(BODY, "cacheTtlSeconds")}
        error={form.errors.cacheTtlSeconds}
      >
        {(field) => (
          <NumberInput
            {...field}
            {...form.number("cacheTtlSeconds")}
            min={0}
            step={1}
            placeholder="0"
            className="max-w-40"
          />
        )}
      </Field>
      <SemanticCacheField
        settings={form.values.semanticCache ?? null}
        onChange={(semanticCache) => form.set({ semanticCache })}
        error={form.errors.semanticCache}
      />
    </FormDialog>
  );
}

const fieldsOf = ({
  name,
  description,
  variants,
  strategy,
  rules,
  assignBy,
  failover,
  fallbacks,
  cacheTtlSeconds,
  semanticCache,
}: Endpoint) => ({
  name,
  description,
  variants,
  strategy,
  rules,
  assignBy,
  failover,
  fallbacks,
  cacheTtlSeconds,
  semanticCache,
});
