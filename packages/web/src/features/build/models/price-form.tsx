import { modelsApi } from "@treadle/contract";
import { toastDone } from "../../../components/feedback/toast.tsx";
import { Button } from "../../../components/form/button.tsx";
import { Field, NumberInput, TextInput } from "../../../components/form/field.tsx";
import { helpOf, useFormState } from "../../../components/form/form-state.ts";
import { Dialog, DialogActions } from "../../../components/overlay/dialog.tsx";
import { type PriceInput, useSavePrice } from "./use-prices.ts";

const BODY = modelsApi["POST /api/v1/model-prices"].body;
const REQUIRED = [
  ["inputUsdPerMillion", "Input"],
  ["outputUsdPerMillion", "Output"],
] as const;
const OPTIONAL = [
  ["cachedInputUsdPerMillion", "Cached input"],
  ["cacheWriteUsdPerMillion", "Cache write"],
  ["reasoningUsdPerMillion", "Reasoning"],
] as const;

/** Sets the project's price of a model, or changes it. */
export function PriceForm({ initial, close }: { initial: Partial<PriceInput>; close: () => void }) {
  const save = useSavePrice();
  const form = useFormState({ schema: BODY, initial: { provider: "*", ...initial } });
  async function submit() {
    const isSaved = await form.submit((body) => save.mutateAsync(body));
    if (!isSaved) return;
    toastDone(`New calls to ${form.values.model} use this price`);
    close();
  }
  return (
    <Dialog
      title={initial.model ? `Price of ${initial.model}` : "Set a price"}
      description="USD per million tokens."
      close={close}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
        className="grid grid-cols-2 gap-4 text-base"
      >
        <Field label="Model" help={helpOf(BODY, "model")} error={form.errors.model}>
          {(field) => <TextInput {...field} {...form.text("model")} autoFocus required />}
        </Field>
        <Field label="Provider" help={helpOf(BODY, "provider")} error={form.errors.provider}>
          {(field) => <TextInput {...field} {...form.text("provider")} required />}
        </Field>
        {REQUIRED.map(([name, label]) => (
          <Field key={name} label={label} error={form.errors[name]}>
            {(field) => <NumberInput {...field} {...form.number(name)} required />}
          </Field>
        ))}
        <div className="col-span-2 grid grid-cols-3 gap-4 max-sm:grid-cols-1">
          {OPTIONAL.map(([name, label]) => (
            <Field key={name} label={label} isOptional error={form.errors[name]}>
              {(field) => <NumberInput {...field} {...form.number(name)} placeholder="built-in price" />}
            </Field>
          ))}
        </div>
        {form.failure && (
          <p role="alert" className="col-span-2 text-bad">
            {form.failure}
          </p>
        )}
        <DialogActions>
          <Button onClick={close}>Cancel</Button>
          <Button type="submit" kind="primary" isBusy={form.isBusy}>
            Save price
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
