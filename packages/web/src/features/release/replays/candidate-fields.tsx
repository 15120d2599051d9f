import { Plus, X } from "lucide-react";
import { Button, IconButton } from "../../../components/form/button.tsx";
import { Field, Select, TextInput } from "../../../components/form/field.tsx";
import { Section } from "../../../components/layout/page.tsx";
import { useModelNames } from "../../evaluate/experiments/index.ts";
import { useEndpointChoices, usePromptChoices } from "../../system/choices/index.ts";
import { type DraftCandidate, type FormProps, newCandidate } from "./replay-draft.ts";

const MOST = 10;

/** What answers the recorded calls: variants of endpoints, or a model with a prompt. */
export function CandidateFields({ draft: { candidates }, change, problems }: FormProps) {
  const set = (id: string, next: Partial<DraftCandidate>) =>
    change({ candidates: candidates.map((one) => (one.id === id ? { ...one, ...next } : one)) });
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
      <ul className="divide-y divide-line border-line border-t">
        {candidates.map((candidate, place) => (
          <li key={candidate.id} className="flex items-start gap-3 px-4 py-3">
            <Candidate candidate={candidate} onChange={(next) => set(candidate.id, next)} />
            {candidates.length > 1 && (
              <IconButton
                size="small"
                label={`Remove candidate ${place + 1}`}
                onClick={() => change({ candidates: candidates.filter(({ id }) => id !== candidate.id) })}
              >
                <X size={14} />
              </IconButton>
            )}
          </li>
        ))}
      </ul>
    </Section>
  );
}

type CandidateProps = { candidate: DraftCandidate; onChange: (next: Partial<DraftCandidate>) => void };

const Candidate = ({ candidate, onChange }: CandidateProps) => (
  <div className="grid min-w-0 grow grid-cols-3 gap-3 max-md:grid-cols-1">
    <Field label="Source">
      {(field) => (
        <Select
          {...field}
          value={candidate.source}
          onChange={({ target }) => onChange({ source: target.value === "model" ? "model" : "variant" })}
        >
          <option value="variant">Variant of an endpoint</option>
          <option value="model">Model and prompt</option>
        </Select>
      )}
    </Field>
    {candidate.source === "variant" ? (
      <VariantFields candidate={candidate} onChange={onChange} />
    ) : (
      <ModelFields candidate={candidate} onChange={onChange} />
    )}
  </div>
);

function VariantFields({ candidate: { endpointId, variant }, onChange }: CandidateProps) {
  const endpoints = useEndpointChoices().data ?? [];
  const endpoint = endpoints.find((one) => one.endpointId === endpointId);
  return (
    <>
      <Field label="Endpoint">
        {(field) => (
          <Select
            {...field}
            value={endpointId}
            onChange={({ target }) => onChange({ endpointId: target.value, variant: "" })}
          >
            <option value="">Choose an endpoint</option>
            {endpoints.map((one) => (
              <option key={one.endpointId} value={one.endpointId}>
                {one.name}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label="Variant">
        {(field) => (
          <Select {...field} value={variant} onChange={({ target }) => onChange({ variant: target.value })}>
            <option value="">Choose a variant</option>
            {(endpoint?.variants ?? []).map(({ name }) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </Select>
        )}
      </Field>
    </>
  );
}

function ModelFields({ candidate: { id, model, promptName }, onChange }: CandidateProps) {
  const models = useModelNames();
  const prompts = usePromptChoices().data ?? [];
  return (
    <>
      <Field label="Model">
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
      <Field label="Prompt" isOptional>
        {(field) => (
          <Select {...field} value={promptName} onChange={({ target }) => onChange({ promptName: target.value })}>
            <option value="">Recorded messages</option>
            {prompts.map(({ name }) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </Select>
        )}
      </Field>
    </>
  );
}
