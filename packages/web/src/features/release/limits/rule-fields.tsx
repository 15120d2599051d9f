import { Field, NumberInput, TextInput } from "../../../components/form/field.tsx";
import { ChoiceField } from "./choice-field.tsx";
import { ACTION_WORDS, canQueue, PRICE_WORDS } from "./limit-words.ts";
import type { LimitFormState } from "./use-limit-form.ts";

type FieldsProps = { form: LimitFormState };

/** What happens at the limit, and for whom not. */
export function RuleFields({ form }: FieldsProps) {
  const { action = "reject", measure, unknownPrice = "zero" } = form.values;
  return (
    <div className="grid grid-cols-2 gap-4 max-sm:grid-cols-1">
      <ChoiceField
        label="At the limit"
        words={ACTION_WORDS}
        value={action}
        onChange={(next) => form.set({ action: next })}
      />
      {action === "reject" && canQueue(form.values) && <QueueSeconds form={form} />}
      {measure === "cost" && (
        <ChoiceField
          label="Unknown price"
          words={PRICE_WORDS}
          value={unknownPrice}
          onChange={(next) => form.set({ unknownPrice: next })}
        />
      )}
      {measure === "cost" && unknownPrice === "default" && <DefaultPrice form={form} />}
      <Exempt form={form} />
    </div>
  );
}

const QueueSeconds = ({ form }: FieldsProps) => (
  <Field
    label="Wait up to (seconds)"
    help="How long a call waits for its turn. API keys get equal shares. 0 rejects the call immediately."
    error={form.errors.queueSeconds && "Enter a whole number from 0 to 60."}
  >
    {(field) => <NumberInput {...field} {...form.number("queueSeconds")} min={0} max={60} step={1} />}
  </Field>
);

const Exempt = ({ form }: FieldsProps) => (
  <Field
    label="Exempt"
    isOptional
    help="Ids of API keys and users, with commas between them. Owners are not exempt."
    error={form.errors.exempt}
    className="col-span-full"
  >
    {(field) => (
      <TextInput
        {...field}
        defaultValue={form.values.exempt?.join(", ")}
        onBlur={({ target }) => form.set({ exempt: target.value.split(/[\s,]+/).filter(Boolean) })}
      />
    )}
  </Field>
);

const DefaultPrice = ({ form }: FieldsProps) => (
  <Field
    label="Default price"
    help="US dollars per million tokens."
    error={form.errors.defaultPriceUsdPerMillion}
    className="col-span-full"
  >
    {(field) => <NumberInput {...field} {...form.number("defaultPriceUsdPerMillion")} min={0} step="any" required />}
  </Field>
);
