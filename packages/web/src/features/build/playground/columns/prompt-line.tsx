import { Link } from "@tanstack/react-router";
import { FileText } from "lucide-react";
import { Select } from "../../../../components/form/field.tsx";
import { usePromptVersions } from "../state/playground-data.ts";
import type { PromptRef } from "../state/playground-state.ts";

/** The stored prompt of a column, and which of its versions. */
export function PromptLine({ prompt, onChange }: { prompt: PromptRef; onChange: (prompt: PromptRef) => void }) {
  const { data } = usePromptVersions(prompt.name);
  const versions = data?.items ?? [];
  return (
    <div className="flex min-w-0 items-center gap-2 px-3 pb-2 text-xs font-normal">
      <FileText aria-hidden size={13} className="shrink-0 text-muted" />
      <Link
        to="/prompts/$name"
        params={{ name: prompt.name }}
        className="min-w-0 truncate hover:text-accent hover:underline"
        title={prompt.name}
      >
        {prompt.name}
      </Link>
      <Select
        aria-label={`Version of ${prompt.name}`}
        value={prompt.version}
        onChange={({ target }) => onChange({ ...prompt, version: Number(target.value) })}
        className="h-6 w-auto! shrink-0 text-xs"
      >
        {!versions.some(({ version }) => version === prompt.version) && (
          <option value={prompt.version}>v{prompt.version}</option>
        )}
        {versions.map(({ version, labels }) => (
          <option key={version} value={version}>
            v{version} {labels.length > 0 && `(${labels.join(", ")})`}
          </option>
        ))}
      </Select>
    </div>
  );
}
