import { Field, TextArea } from "../../../../components/form/field.tsx";
import { Section } from "../../../../components/layout/page.tsx";
import type { Validation } from "../shared/use-training.ts";

type FileProps = {
  text: string;
  onChange: (text: string) => void;
  validation: Validation | undefined;
};

const EXAMPLE = `base_model: smollm2-135m-instruct
method: sft
datasets:
  - ref: support-answers
adapter: lora
max_steps: 60
`;

/** A run as a file, in the format of \`treadle train\`, Axolotl, LLaMA-Factory or TRL. */
export function FileField({ text, onChange, validation }: FileProps) {
  return (
    <Section
      title="Configuration file"
      description="YAML or JSON. Setting names follow Axolotl; names from LLaMA-Factory and TRL also work."
    >
      <div className="flex flex-col gap-3 px-4 pb-4">
        <Field label="File">
          {(field) => (
            <TextArea
              {...field}
              rows={18}
              value={text}
              placeholder={EXAMPLE}
              className="font-mono text-xs"
              onChange={({ target }) => onChange(target.value)}
            />
          )}
        </Field>
        {text.trim() !== "" && validation && <Findings validation={validation} />}
      </div>
    </Section>
  );
}

function Findings({ validation: { problems, warnings } }: { validation: Validation }) {
  if (problems.length === 0 && warnings.length === 0) return <p className="text-good">The configuration is valid.</p>;
  return (
    <ul className="flex flex-col gap-1">
      {problems.map(({ path, message }) => (
        <li key={`${path} ${message}`} className="text-bad [overflow-wrap:anywhere]">
          {path && <code className="mr-2 text-xs">{path}</code>}
          {message}
        </li>
      ))}
      {warnings.map((warning) => (
        <li key={warning} className="text-warn [overflow-wrap:anywhere]">
          {warning}
        </li>
      ))}
    </ul>
  );
}
