import { Copy, Plus, X } from "lucide-react";
import { Button, IconButton } from "../../../../components/form/button.tsx";
import { Choice } from "../../../../components/form/choice.tsx";
import { Field, TextArea, TextInput } from "../../../../components/form/field.tsx";
import { Section } from "../../../../components/layout/page.tsx";
import { useModelNames } from "../shared/use-choices.ts";
import {
  type DraftSource,
  type DraftVariant,
  type FormProps,
  newId,
  newVariant,
  nextName,
  type Problems,
} from "./experiment-draft.ts";
import { MessageFields } from "./message-fields.tsx";
import { PromptFields } from "./prompt-fields.tsx";

const MODELS_ID = "experiment-models";
const SOURCES = ["prompt", "messages", "item"] as const;
const SOURCE_WORDS: Readonly<Record<DraftSource, string>> = {
  prompt: "Stored prompt",
  messages: "Custom messages",
  item: "Messages from the item",
};

/** The variants: each is a model with a prompt. The first one is the baseline. */
export function VariantFields({ draft, change, problems }: FormProps) {
  const models = useModelNames();
  const { variants } = draft;
  const set = (id: string, next: Partial<DraftVariant>) =>
    change({ variants: variants.map((one) => (one.id === id ? { ...one, ...next } : one)) });
  const add = (like?: DraftVariant) => {
    const name = nextName(variants);
    change({ variants: [...variants, like ? { ...like, id: newId(), name } : newVariant(name)] });
  };
  return (
    <Section
      title="Variants"
      description="Each variant answers all items. The first one is the baseline that the others are compared with."
      action={
        <Button size="small" onClick={() => add(variants.at(-1))} disabled={variants.length >= 20}>
          <Plus aria-hidden size={13} /> Add variant
        </Button>
      }
    >
      <datalist id={MODELS_ID}>
        {models.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      {problems.variants && <p className="px-4 pb-2 text-bad">{problems.variants}</p>}
      <ul className="divide-y divide-line border-line border-t">
        {variants.map((variant, place) => (
          <li key={variant.id}>
            <VariantForm
              variant={variant}
              place={place}
              problems={problems}
              set={(next) => set(variant.id, next)}
              copy={() => add(variant)}
              remove={
                variants.length > 1
                  ? () => change({ variants: variants.filter(({ id }) => id !== variant.id) })
                  : undefined
              }
            />
          </li>
        ))}
      </ul>
    </Section>
  );
}

type VariantProps = {
  variant: DraftVariant;
  place: number;
  problems: Problems;
  set: (next: Partial<DraftVariant>) => void;
  copy: () => void;
  remove: (() => void) | undefined;
};

function VariantForm({ variant, place, problems, set, copy, remove }: VariantProps) {
  const problem = (part: string) => problems[`variants.${place}.${part}`];
  const { source } = variant;
  return (
    <fieldset aria-label={`Variant ${variant.name}`} className="flex min-w-0 flex-col gap-3 px-4 py-3">
      <div className="flex flex-wrap items-start gap-x-4 gap-y-3">
        <Field label={place === 0 ? "Name (baseline)" : "Name"} error={problem("name")} className="w-44">
          {(field) => (
            <TextInput
              {...field}
              maxLength={120}
              value={variant.name}
              onChange={({ target }) => set({ name: target.value })}
            />
          )}
        </Field>
        <Field
          label="Model"
          isOptional={source === "prompt"}
          error={problem("model")}
          help={source === "prompt" ? "Leave empty to use the prompt's model" : "A model or an endpoint of the gateway"}
          className="min-w-52 grow"
        >
          {(field) => (
            <TextInput
              {...field}
              list={MODELS_ID}
              value={variant.model}
              onChange={({ target }) => set({ model: target.value })}
            />
          )}
        </Field>
        <div className="flex pt-6">
          <IconButton label={`Duplicate variant ${variant.name}`} onClick={copy}>
            <Copy size={14} />
          </IconButton>
          {remove && (
            <IconButton label={`Remove variant ${variant.name}`} onClick={remove}>
              <X size={14} />
            </IconButton>
          )}
        </div>
      </div>
      <div className="overflow-x-auto">
        <Choice
          label={`Prompt of variant ${variant.name}`}
          names={SOURCES}
          words={SOURCE_WORDS}
          chosen={source}
          onChoose={(next) => set({ source: next })}
        />
      </div>
      {source === "prompt" && <PromptFields chosen={variant} set={set} error={problem("prompt")} />}
      {source === "messages" && (
        <MessageFields
          messages={variant.messages}
          onChange={(messages) => set({ messages })}
          error={problem("messages")}
        />
      )}
      <Field
        label="Parameters"
        isOptional
        error={problem("parameters")}
        help='For example {"temperature": 0, "max_tokens": 300}'
      >
        {(field) => (
          <TextArea
            {...field}
            rows={1}
            value={variant.parameters}
            onChange={({ target }) => set({ parameters: target.value })}
            className="font-mono text-xs"
          />
        )}
      </Field>
    </fieldset>
  );
}
