import { endpointsApi } from "@treadle/contract";
import { ArrowDown, ArrowUp, Plus, X } from "lucide-react";
import { Button, IconButton } from "../../components/button.tsx";
import { Dialog, DialogActions } from "../../components/dialog.tsx";
import { Field, NumberInput, TextInput } from "../../components/field.tsx";
import { helpOf, useFormState } from "../../components/form-state.ts";
import { formatPercent } from "../../components/format.ts";
import { toastDone } from "../../components/toast.tsx";
import { type Endpoint, type EndpointInput, useSaveEndpoint, useTargetNames } from "./use-endpoints.ts";

const BODY = endpointsApi["POST /api/v1/endpoints"].body;
type Target = EndpointInput["targets"][number];

/** Makes an endpoint or changes one: its name, who answers with which share, and who steps in. */
export function EndpointForm({ endpoint, close }: { endpoint: Endpoint | undefined; close: () => void }) {
  const save = useSaveEndpoint(endpoint?.id);
  const names = useTargetNames();
  const form = useFormState({
    schema: BODY,
    initial: endpoint ? fieldsOf(endpoint) : { targets: [{ model: "", weight: 1 }], fallbacks: [] },
    draft: `endpoint.${endpoint?.id ?? "new"}`,
  });
  async function submit() {
    const isSaved = await form.submit((body) => save.mutateAsync(body));
    if (!isSaved) return;
    toastDone(`Saved ${form.values.name}; the next request uses it`);
    close();
  }
  return (
    <Dialog title={endpoint ? `Edit ${endpoint.name}` : "New endpoint"} close={close}>
      <datalist id="target-names">
        {names.data
          ?.filter((name) => name !== endpoint?.name)
          .map((name) => (
            <option key={name} value={name} />
          ))}
      </datalist>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
        className="flex flex-col gap-4 text-base"
      >
        <Field label="Name" help="What applications send as the model" error={form.errors.name}>
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
        <Targets
          targets={form.values.targets ?? []}
          onChange={(targets) => form.set({ targets })}
          onLeave={() => form.check("targets")}
          error={form.errors.targets}
        />
        <Fallbacks
          fallbacks={form.values.fallbacks ?? []}
          onChange={(fallbacks) => form.set({ fallbacks })}
          onLeave={() => form.check("fallbacks")}
          error={form.errors.fallbacks}
        />
        <Field
          label="Exact cache, seconds"
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
        {form.failure && (
          <p role="alert" className="text-bad">
            {form.failure}
          </p>
        )}
        <DialogActions>
          <Button
            onClick={() => {
              form.discard();
              close();
            }}
          >
            Cancel
          </Button>
          <Button type="submit" kind="primary" isBusy={form.isBusy}>
            Save the endpoint
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

const fieldsOf = ({ name, description, targets, fallbacks, cacheTtlSeconds }: Endpoint) => ({
  name,
  description,
  targets,
  fallbacks,
  cacheTtlSeconds,
});

type ListProps<Item> = { onChange: (items: Item[]) => void; onLeave: () => void; error: string | undefined };

function Targets({ targets, onChange, onLeave, error }: { targets: readonly Target[] } & ListProps<Target>) {
  const change = (index: number, next: Partial<Target>) =>
    onChange(targets.map((target, at) => (at === index ? { ...target, ...next } : target)));
  const total = targets.reduce((sum, { weight = 1 }) => sum + weight, 0);
  return (
    <fieldset className="flex flex-col gap-1.5">
      <legend className="text-sm font-medium">Answered by</legend>
      <p className="text-xs text-muted">One is drawn by weight for each request.</p>
      {targets.map((target, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows have no name of their own while they are being typed.
        <div key={index} className="flex items-center gap-2">
          <TextInput
            aria-label={`Model ${index + 1}`}
            list="target-names"
            value={target.model}
            onChange={(event) => change(index, { model: event.target.value.trim() })}
            onBlur={onLeave}
            placeholder="connection-slug/model"
            required
            className="font-mono text-sm"
          />
          <NumberInput
            aria-label={`Weight of model ${index + 1}`}
            min={0}
            max={1000}
            step={1}
            value={target.weight ?? 1}
            onChange={(event) => change(index, { weight: event.target.valueAsNumber || 0 })}
            className="w-20!"
          />
          <span className="num w-12 shrink-0 text-right text-sm text-muted">
            {total > 0 ? formatPercent((target.weight ?? 1) / total) : "never"}
          </span>
          <IconButton
            label={`Remove model ${index + 1}`}
            disabled={targets.length === 1}
            onClick={() => onChange(targets.filter((_, at) => at !== index))}
          >
            <X size={14} />
          </IconButton>
        </div>
      ))}
      {error && <p className="text-xs text-bad">{error}</p>}
      <Button
        size="small"
        kind="quiet"
        className="self-start"
        onClick={() => onChange([...targets, { model: "", weight: 1 }])}
      >
        <Plus aria-hidden size={13} /> Another model
      </Button>
    </fieldset>
  );
}

/** The list with two of its entries in each other's place. */
const swapped = (items: readonly string[], from: number, to: number) =>
  items.map((item, index) => (index === from ? (items[to] ?? item) : index === to ? (items[from] ?? item) : item));

function Fallbacks({ fallbacks, onChange, onLeave, error }: { fallbacks: readonly string[] } & ListProps<string>) {
  return (
    <fieldset className="flex flex-col gap-1.5">
      <legend className="text-sm font-medium">
        When that fails <span className="font-normal text-muted">optional</span>
      </legend>
      <p className="text-xs text-muted">Tried in this order, before the first byte of an answer.</p>
      {fallbacks.map((model, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: as above.
        <div key={index} className="flex items-center gap-1">
          <TextInput
            aria-label={`Fallback ${index + 1}`}
            list="target-names"
            value={model}
            onChange={(event) =>
              onChange(fallbacks.map((other, at) => (at === index ? event.target.value.trim() : other)))
            }
            onBlur={onLeave}
            placeholder="connection-slug/model"
            required
            className="mr-1 font-mono text-sm"
          />
          <IconButton
            label={`Try fallback ${index + 1} earlier`}
            disabled={index === 0}
            onClick={() => onChange(swapped(fallbacks, index, index - 1))}
          >
            <ArrowUp size={14} />
          </IconButton>
          <IconButton
            label={`Try fallback ${index + 1} later`}
            disabled={index === fallbacks.length - 1}
            onClick={() => onChange(swapped(fallbacks, index, index + 1))}
          >
            <ArrowDown size={14} />
          </IconButton>
          <IconButton
            label={`Remove fallback ${index + 1}`}
            onClick={() => onChange(fallbacks.filter((_, at) => at !== index))}
          >
            <X size={14} />
          </IconButton>
        </div>
      ))}
      {error && <p className="text-xs text-bad">{error}</p>}
      <Button size="small" kind="quiet" className="self-start" onClick={() => onChange([...fallbacks, ""])}>
        <Plus aria-hidden size={13} /> A fallback
      </Button>
    </fieldset>
  );
}
