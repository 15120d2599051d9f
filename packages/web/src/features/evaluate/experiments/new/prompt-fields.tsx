import { Field, Select } from "../../../../components/form/field.tsx";
import { usePromptChoices } from "../../../system/choices/index.ts";
import type { DraftVariant } from "./experiment-draft.ts";

type Chosen = Pick<DraftVariant, "promptName" | "promptVersion">;
type PromptProps = { chosen: Chosen; set: (next: Partial<Chosen>) => void; error: string | undefined };

/** A stored prompt and its version: a number, a label, or production. */
export function PromptFields({ chosen, set, error }: PromptProps) {
  const prompts = usePromptChoices();
  const prompt = prompts.data?.find(({ name }) => name === chosen.promptName);
  const labels = prompt?.labels.map(({ label }) => label).filter((label) => label !== "production") ?? [];
  const newest = prompt?.latestVersion ?? 0;
  const versions = Array.from({ length: Math.min(newest, 100) }, (_, index) => String(newest - index));
  return (
    <div className="grid grid-cols-2 gap-4 max-sm:grid-cols-1">
      <Field label="Prompt" error={error} help={prompts.data?.length === 0 ? "No prompts yet" : undefined}>
        {(field) => (
          <Select
            {...field}
            value={chosen.promptName}
            onChange={({ target }) => set({ promptName: target.value, promptVersion: "latest" })}
          >
            <option value="">Choose a prompt</option>
            {prompts.data?.map(({ name }) => (
              <option key={name}>{name}</option>
            ))}
          </Select>
        )}
      </Field>
      <Field label="Version">
        {(field) => (
          <Select
            {...field}
            value={chosen.promptVersion}
            disabled={!prompt}
            onChange={({ target }) => set({ promptVersion: target.value })}
          >
            <option value="">production</option>
            <option value="latest">latest ({newest})</option>
            {labels.map((label) => (
              <option key={label}>{label}</option>
            ))}
            {versions.map((version) => (
              <option key={version} value={version}>
                version {version}
              </option>
            ))}
          </Select>
        )}
      </Field>
    </div>
  );
}
