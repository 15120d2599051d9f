import { useQuery } from "@tanstack/react-query";
import { Field, NumberInput, Select } from "../../../components/form/field.tsx";
import { useProject } from "../../system/session/index.ts";
import type { EndpointInput } from "./use-endpoints.ts";

type Variant = EndpointInput["variants"][number];
type Knowledge = NonNullable<Variant["knowledge"]>;
type KnowledgeProps = { variant: Variant; nth: string; onChange: (variant: Variant) => void };

const MOST_PASSAGES = 50;

/** The knowledge base that a variant answers from. Settings that the form does not show stay. */
export function VariantKnowledge({ variant: { knowledge, ...variant }, nth, onChange }: KnowledgeProps) {
  return (
    <>
      <BaseField
        chosen={knowledge?.knowledgeBaseId ?? ""}
        nth={nth}
        onChoose={(knowledgeBaseId) =>
          onChange(knowledgeBaseId === "" ? variant : { ...variant, knowledge: { knowledgeBaseId } })
        }
      />
      {knowledge && (
        <PassageFields
          knowledge={knowledge}
          nth={nth}
          onChange={(next) => onChange({ ...variant, knowledge: { ...knowledge, ...next } })}
        />
      )}
    </>
  );
}

type PassageProps = { knowledge: Knowledge; nth: string; onChange: (next: Partial<Knowledge>) => void };

const PassageFields = ({ knowledge, nth, onChange }: PassageProps) => (
  <>
    <Field label="Passages" isOptional help="The most passages that the model gets. 6 if empty.">
      {(field) => (
        <NumberInput
          {...field}
          aria-label={`Passages ${nth}`}
          min={1}
          max={MOST_PASSAGES}
          step={1}
          value={knowledge.chunks ?? ""}
          onChange={({ target }) => onChange({ chunks: target.valueAsNumber || undefined })}
        />
      )}
    </Field>
    <SimilarityField knowledge={knowledge} nth={nth} onChange={onChange} />
  </>
);

const SimilarityField = ({ knowledge, nth, onChange }: PassageProps) => (
  <Field label="Least similarity" isOptional help="From 0 to 1. Passages with a lower cosine are left out.">
    {(field) => (
      <NumberInput
        {...field}
        aria-label={`Least similarity ${nth}`}
        min={0}
        max={1}
        step="any"
        value={knowledge.minScore ?? ""}
        onChange={({ target: { valueAsNumber } }) =>
          onChange({ minScore: Number.isNaN(valueAsNumber) ? undefined : valueAsNumber })
        }
      />
    )}
  </Field>
);

type BaseProps = { chosen: string; nth: string; onChoose: (knowledgeBaseId: string) => void };

function BaseField({ chosen, nth, onChoose }: BaseProps) {
  const bases = useBaseNames();
  const isListed = chosen === "" || bases.some(({ knowledgeBaseId }) => knowledgeBaseId === chosen);
  const shown = isListed ? bases : [{ knowledgeBaseId: chosen, name: chosen }, ...bases];
  return (
    <Field label="Knowledge base" isOptional help="The model answers from its passages, and cites them.">
      {(field) => (
        <Select
          {...field}
          aria-label={`Knowledge base ${nth}`}
          value={chosen}
          onChange={({ target }) => onChoose(target.value)}
        >
          <option value="">None</option>
          {shown.map(({ knowledgeBaseId, name }) => (
            <option key={knowledgeBaseId} value={knowledgeBaseId}>
              {name}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}

/** All knowledge bases of the project: it has 200 at most. */
function useBaseNames() {
  const { id, client, can } = useProject();
  const { data } = useQuery({
    queryKey: ["knowledge", id, "names"],
    enabled: can("knowledge:read"),
    queryFn: ({ signal }) => client.call("GET /api/v1/knowledge", { query: { limit: 200 }, signal }),
  });
  return data?.items ?? [];
}
