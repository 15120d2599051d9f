import { Plus, X } from "lucide-react";
import { Button, IconButton } from "../../../components/form/button.tsx";
import { Field, TextInput } from "../../../components/form/field.tsx";
import { Section } from "../../../components/layout/page.tsx";
import { useModelNames } from "../../evaluate/experiments/index.ts";
import { useEndpointChoices, usePromptChoices } from "../../system/choices/index.ts";
import { ChoicesField } from "./choices-field.tsx";
import { type DraftCandidate, type FormProps, newCandidate } from "./replay-draft.ts";

const MOST = 10;

/** What answers the recorded calls: variants of endpoints, or a model with a prompt. */
export function CandidateFields({ draft: { candidates }, change, problems }: FormProps) {
  const add = () =>
    change({ candidates: [...candidates, newCandidate({ endpointId: candidates[0]?.endpointId ?? "" })] });
  return (
    <Section
      title="Candidates"
      description="Each candidate answers all recordings. The recorded answers are the baseline."
      action={
        <Button size="small" onClick={add} disabled={candidates.length >= MOST}>
          <Plus aria-hidden size={12} /> Add candidate
        </Button>
      }
    >
      {problems.candidates && <p className="px-4 pb-2 text-bad">{problems.candidates}</p>}
      <CandidateList candidates={candidates} onChange={(next) => change({ candidates: next })} />
    </Section>
  );
}

type ListProps = { candidates: readonly DraftCandidate[]; onChange: (next: readonly DraftCandidate[]) => void };

function CandidateList({ candidates, onChange }: ListProps) {
  const set = (id: string, next: Partial<DraftCandidate>) =>
    onChange(candidates.map((one) => (one.id === id ? { ...one, ...next } : one)));
  return (
    <ul className="divide-y divide-line border-line border-t">
      {candidates.map((candidate, place) => (
        <li key={candidate.id} className="flex items-start gap-3 px-4 py-3">
          <Candidate candidate={candidate} onChange={(next) => set(candidate.id, next)} />
          {candidates.length > 1 && (
            <IconButton
              size="small"
              label={`Remove candidate ${place + 1}`}
              onClick={() => onChange(candidates.filter(({ id }) => id !== candidate.id))}
            >
              <X size={14} />
            </IconButton>
          )}
        </li>
      ))}
    </ul>
  );
}

type CandidateProps = { candidate: DraftCandidate; onChange: (next: Partial<DraftCandidate>) => void };

const SOURCES = [
  ["variant", "Variant of an endpoint"],
  ["model", "Model and prompt"],
] as const;

const Candidate = ({ candidate, onChange }: CandidateProps) => (
  <div className="grid min-w-0 grow grid-cols-3 gap-3 max-md:grid-cols-1">
    <ChoicesField
      label="Source"
      value={candidate.source}
      choices={SOURCES}
      onChange={(next) => onChange({ source: next === "model" ? "model" : "variant" })}
    />
    {candidate.source === "variant" ? (
      <VariantFields candidate={candidate} onChange={onChange} />
    ) : (
      <ModelFields candidate={candidate} onChange={onChange} />
    )}
  </div>
);

function VariantFields({ candidate: { endpointId, variant }, onChange }: CandidateProps) {
  const endpoints = useEndpointChoices().data ?? [];
  const variants = endpoints.find((one) => one.endpointId === endpointId)?.variants ?? [];
  return (
    <>
      <ChoicesField
        label="Endpoint"
        value={endpointId}
        none="Choose an endpoint"
        choices={endpoints.map((one) => [one.endpointId, one.name])}
        onChange={(next) => onChange({ endpointId: next, variant: "" })}
      />
      <ChoicesField
        label="Variant"
        value={variant}
        none="Choose a variant"
        choices={variants.map(({ name, model }) => [name, `${name} (${model})`])}
        onChange={(next) => onChange({ variant: next })}
      />
    </>
  );
}

function ModelFields({ candidate, onChange }: CandidateProps) {
  const prompts = usePromptChoices().data ?? [];
  return (
    <>
      <ModelField candidate={candidate} onChange={onChange} />
      <ChoicesField
        label="Prompt"
        isOptional
        value={candidate.promptName}
        none="Recorded messages"
        choices={prompts.map(({ name }) => [name, name])}
        onChange={(promptName) => onChange({ promptName })}
      />
    </>
  );
}

function ModelField({ candidate: { id, model, promptName }, onChange }: CandidateProps) {
  const models = useModelNames();
  return (
    <Field label="Model" isOptional={promptName !== ""}>
      {(field) => (
        <>
          <TextInput
            {...field}
            list={`models-${id}`}
            value={model}
            placeholder={promptName ? "The model of the prompt" : "connection/model"}
            onChange={({ target }) => onChange({ model: target.value })}
          />
          <datalist id={`models-${id}`}>
            {models.map((name) => (
              <option key={name} value={name} />
            ))}
          </datalist>
        </>
      )}
    </Field>
  );
}
