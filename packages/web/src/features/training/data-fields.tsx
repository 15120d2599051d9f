import { Link } from "@tanstack/react-router";
import { Choice } from "../../components/choice.tsx";
import { Field, NumberInput, Select, TextArea, TextInput } from "../../components/field.tsx";
import { formatCount } from "../../components/format.ts";
import { Section } from "../../components/page.tsx";
import { useDatasetChoices, useVersionChoices } from "../choices/index.ts";
import { type FieldsProps, type Method, providerOf } from "./run-draft.ts";
import { useBaseModels } from "./use-choices.ts";

const METHODS: Readonly<Record<Method, string>> = { sft: "SFT", dpo: "DPO", kto: "KTO", reward: "Reward model" };
const ABOUT: Readonly<Record<Method, string>> = {
  sft: "It learns to answer as the examples do.",
  dpo: "It learns to prefer one answer over another, from pairs.",
  kto: "It learns from answers that were called good or bad, each by itself.",
  reward: "It learns to score answers, from pairs.",
};

/** What learns, and from what. */
export function DataFields({ draft, change, problems }: FieldsProps) {
  const provider = providerOf(draft);
  const datasets = useDatasetChoices();
  const versions = useVersionChoices(draft.datasetId);
  return (
    <Section title={provider ? "What it learns from, and how long" : "What learns, and from what"}>
      <div className="grid grid-cols-2 gap-4 px-4 pb-4 max-sm:grid-cols-1">
        {!provider && <BaseField {...{ draft, change, problems }} />}
        <Field label="Name" isOptional error={problems.name} help="What the model will be called">
          {(field) => (
            <TextInput {...field} value={draft.name} onChange={({ target }) => change({ name: target.value })} />
          )}
        </Field>
        {provider && <EpochsField {...{ draft, change, problems }} />}
        <Field label="Dataset" error={problems.datasets ?? problems["datasets.0.ref"]}>
          {(field) =>
            datasets.data?.length === 0 ? (
              <p id={field.id}>
                There is no dataset yet.{" "}
                <Link to="/datasets" search={{ new: "file" }} className="text-accent underline underline-offset-2">
                  Make one
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
        <Field label="Version" help="Fixed at the start">
          {(field) => (
            <Select
              {...field}
              value={draft.version}
              disabled={draft.datasetId === ""}
              onChange={({ target }) => change({ version: target.value })}
            >
              <option value="main">newest of main</option>
              {versions.data?.map(({ number, message }) => (
                <option key={number} value={String(number)}>
                  {[`${number}`, message.split("\n")[0]?.slice(0, 50)].filter(Boolean).join(" · ")}
                </option>
              ))}
            </Select>
          )}
        </Field>
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

/** Those that providers have, and what was chosen before, so that it can be seen to be refused. */
const methodsAt = (chosen: Method): readonly Method[] => [...new Set<Method>(["sft", "dpo", chosen])];

function BaseField({ draft, change, problems }: FieldsProps) {
  const bases = useBaseModels();
  return (
    <Field label="Base model" error={problems.base_model} help="A model of this machine or of the registry">
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

/** How long a provider trains; everything else of the pace it chooses. */
function EpochsField({ draft, change, problems }: FieldsProps) {
  return (
    <Field
      label="Epochs"
      isOptional
      error={problems.num_epochs}
      help="An epoch sees every row once. Left empty: what the provider chooses"
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

/** How much of it is trained, for how long, and how fast. */
export function PaceFields({ draft, change, problems }: FieldsProps) {
  const isEpochs = draft.amount === "epochs";
  return (
    <Section title="How much, and how fast">
      <div className="grid grid-cols-3 gap-4 px-4 pb-4 max-md:grid-cols-1">
        <div className="flex flex-col items-start gap-1">
          <span className="text-sm font-medium">What is trained</span>
          <div>
            <Choice
              label="What is trained"
              names={["lora", "none"]}
              words={{ lora: "An adapter (LoRA)", none: "All weights" }}
              chosen={draft.adapter}
              onChoose={(adapter) => change({ adapter })}
            />
          </div>
          <p className="text-xs text-muted">
            {draft.adapter === "lora" ? "Small, quick, and served beside others over one base" : "Slow and large"}
          </p>
        </div>
        <div className="flex flex-col items-start gap-1">
          <span className="text-sm font-medium">How long</span>
          <span className="flex gap-2">
            <Choice
              label="Counted in"
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
            {problems.num_epochs ?? problems.max_steps ?? "An epoch sees every row once"}
          </p>
        </div>
        <Field label="Learning rate" isOptional error={problems.learning_rate} help="Left empty: what the method wants">
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
          label="Questions to follow it by"
          isOptional
          error={problems["eval.samples"]}
          help="One a line; the model answers them at every evaluation, so that its progress can be read"
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
