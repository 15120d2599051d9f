import { Link } from "@tanstack/react-router";
import { Choice } from "../../../../components/form/choice.tsx";
import { Field, NumberInput, Select, TextArea, TextInput } from "../../../../components/form/field.tsx";
import { Section } from "../../../../components/layout/page.tsx";
import { formatCount } from "../../../../components/text/format.ts";
import { useDatasetChoices, useVersionChoices } from "../../../system/choices/index.ts";
import { useBaseModels } from "../shared/use-choices.ts";
import { PromptFields } from "./prompt-fields.tsx";
import { type FieldsProps, type Method, providerOf } from "./run-draft.ts";

const METHODS: Readonly<Record<Method, string>> = { sft: "SFT", dpo: "DPO", kto: "KTO", reward: "Reward model" };
const ABOUT: Readonly<Record<Method, string>> = {
  sft: "The model learns to answer like the examples.",
  dpo: "The model learns to prefer one answer over another, from pairs.",
  kto: "The model learns from answers that are each rated good or bad.",
  reward: "The model learns to score answers, from pairs.",
};

/** The model and data fields, with the name of the trained model where a run has one. */
export function DataFields({ draft, change, problems, isNamed = true }: FieldsProps & { isNamed?: boolean }) {
  const provider = providerOf(draft);
  const datasets = useDatasetChoices();
  const versions = useVersionChoices(draft.datasetId);
  return (
    <Section title={provider ? "Data and epochs" : "Model and data"}>
      <div className="grid grid-cols-2 gap-4 px-4 pb-4 max-sm:grid-cols-1">
        {!provider && <BaseField draft={draft} change={change} problems={problems} />}
        {isNamed && (
          <Field label="Name" isOptional error={problems.name} help="The name of the trained model">
            {(field) => (
              <TextInput {...field} value={draft.name} onChange={({ target }) => change({ name: target.value })} />
            )}
          </Field>
        )}
        {provider && <EpochsField draft={draft} change={change} problems={problems} />}
        <Field label="Dataset" error={problems.datasets ?? problems["datasets.0.ref"]}>
          {(field) =>
            datasets.data?.length === 0 ? (
              <p id={field.id}>
                This project has no datasets.{" "}
                <Link to="/datasets" search={{ new: "file" }} className="text-accent underline underline-offset-2">
                  Create one
                </Link>{" "}
                first.
              </p>
            ) : (
              <Select
                {...field}
                value={draft.datasetId}
                onChange={({ target }) => change({ datasetId: target.value, version: "main" })}
              >
                <option value="">Choose a dataset</option>
                {datasets.data?.map(({ datasetId, name, rows }) => (
                  <option key={datasetId} value={datasetId}>
                    {name} ({formatCount(rows)})
                  </option>
                ))}
              </Select>
            )
          }
        </Field>
        <Field label="Version" help="The version is fixed when the run starts">
          {(field) => (
            <Select
              {...field}
              value={draft.version}
              disabled={draft.datasetId === ""}
              onChange={({ target }) => change({ version: target.value })}
            >
              <option value="main">latest on main</option>
              {versions.data?.map(({ version: number, message }) => (
                <option key={number} value={String(number)}>
                  {[`${number}`, message.split("\n")[0]?.slice(0, 50)].filter(Boolean).join(" · ")}
                </option>
              ))}
            </Select>
          )}
        </Field>
        {draft.method === "sft" && <PromptFields draft={draft} change={change} problems={problems} />}
        <div className="col-span-full flex flex-col items-start gap-1">
          <span className="text-sm font-medium">Method</span>
          <div>
            <Choice
              label="Method"
              names={provider ? methodsAt(draft.method) : ["sft", "dpo", "kto", "reward"]}
              words={METHODS}
              chosen={draft.method}
              onChoose={(method) => change({ method })}
            />
          </div>
          <p className={`text-xs ${problems.method ? "text-bad" : "text-muted"}`}>
            {problems.method ?? ABOUT[draft.method]}
          </p>
        </div>
      </div>
    </Section>
  );
}

/** The methods that providers support, plus the chosen one, so that its error stays visible. */
const methodsAt = (chosen: Method): readonly Method[] => [...new Set<Method>(["sft", "dpo", chosen])];

function BaseField({ draft, change, problems }: FieldsProps) {
  const bases = useBaseModels();
  return (
    <Field label="Base model" error={problems.base_model} help="A local model or a model in the registry">
      {(field) => (
        <>
          <TextInput
            {...field}
            list="training-bases"
            placeholder={bases[0] ?? "smollm2-135m-instruct"}
            value={draft.base}
            onChange={({ target }) => change({ base: target.value })}
          />
          <datalist id="training-bases">
            {bases.map((name) => (
              <option key={name} value={name} />
            ))}
          </datalist>
        </>
      )}
    </Field>
  );
}

/** Epochs for a provider, which chooses the batch size and schedule itself. */
function EpochsField({ draft, change, problems }: FieldsProps) {
  return (
    <Field
      label="Epochs"
      isOptional
      error={problems.num_epochs}
      help="One epoch trains on every row once. Leave empty to let the provider choose"
    >
      {(field) => (
        <NumberInput
          {...field}
          min={1}
          max={50}
          placeholder="auto"
          value={draft.epochs ?? ""}
          onChange={({ target }) =>
            change({ epochs: Number.isNaN(target.valueAsNumber) ? null : target.valueAsNumber })
          }
        />
      )}
    </Field>
  );
}

/** Adapter, training length and learning rate. */
export function PaceFields({ draft, change, problems }: FieldsProps) {
  const isEpochs = draft.amount === "epochs";
  return (
    <Section title="Training settings">
      <div className="grid grid-cols-3 gap-4 px-4 pb-4 max-md:grid-cols-1">
        <div className="flex flex-col items-start gap-1">
          <span className="text-sm font-medium">Trained weights</span>
          <div>
            <Choice
              label="Trained weights"
              names={["lora", "none"]}
              words={{ lora: "Adapter (LoRA)", none: "All weights" }}
              chosen={draft.adapter}
              onChoose={(adapter) => change({ adapter })}
            />
          </div>
          <p className="text-xs text-muted">
            {draft.adapter === "lora"
              ? "Small and fast to train; several adapters can share one base model"
              : "Slow to train and large to store"}
          </p>
        </div>
        <div className="flex flex-col items-start gap-1">
          <span className="text-sm font-medium">Training length</span>
          <span className="flex gap-2">
            <Choice
              label="Unit"
              names={["epochs", "steps"]}
              words={{ epochs: "Epochs", steps: "Steps" }}
              chosen={draft.amount}
              onChoose={(amount) => change({ amount })}
            />
            <NumberInput
              aria-label={isEpochs ? "Epochs" : "Steps"}
              min={isEpochs ? 0.01 : 1}
              className="w-20!"
              value={(isEpochs ? draft.epochs : draft.steps) ?? ""}
              onChange={({ target }) => {
                const value = Number.isNaN(target.valueAsNumber) ? null : target.valueAsNumber;
                change(isEpochs ? { epochs: value } : { steps: value });
              }}
            />
          </span>
          <p className={`text-xs ${problems.num_epochs || problems.max_steps ? "text-bad" : "text-muted"}`}>
            {problems.num_epochs ?? problems.max_steps ?? "One epoch trains on every row once"}
          </p>
        </div>
        <Field
          label="Learning rate"
          isOptional
          error={problems.learning_rate}
          help="Leave empty to use the default for this method"
        >
          {(field) => (
            <NumberInput
              {...field}
              placeholder="auto"
              value={draft.learningRate ?? ""}
              onChange={({ target }) =>
                change({ learningRate: Number.isNaN(target.valueAsNumber) ? null : target.valueAsNumber })
              }
            />
          )}
        </Field>
        <Field
          label="Sample prompts"
          isOptional
          error={problems["eval.samples"]}
          help="One prompt per line. The model answers them at every evaluation, so that you can follow its progress"
          className="col-span-full"
        >
          {(field) => (
            <TextArea
              {...field}
              rows={2}
              value={draft.samples}
              onChange={({ target }) => change({ samples: target.value })}
            />
          )}
        </Field>
      </div>
    </Section>
  );
}
