import { ArrowLeftRight, ArrowRight, Equal } from "lucide-react";
import { EmptyState, ErrorState, Skeleton } from "../../../../components/feedback/states.tsx";
import { IconButton } from "../../../../components/form/button.tsx";
import { Select } from "../../../../components/form/field.tsx";
import { type Prompt, useVersionDiff, useVersions } from "../shared/use-prompts.ts";
import { DiffFields } from "./diff-fields.tsx";

type Pair = { from: number; to: number };
type DiffProps = Pair & { prompt: Prompt; onChoose: (pair: Pair) => void };

/** Any two versions compared, field by field. */
export function VersionDiff({ prompt, from, to, onChoose }: DiffProps) {
  const diff = useVersionDiff(prompt.name, { from, to });
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-wrap items-center gap-2">
        <VersionSelect
          label="From version"
          prompt={prompt}
          value={from}
          onChange={(next) => onChoose({ from: next, to })}
        />
        <ArrowRight aria-hidden size={14} className="text-muted" />
        <VersionSelect
          label="To version"
          prompt={prompt}
          value={to}
          onChange={(next) => onChoose({ from, to: next })}
        />
        <IconButton label="Swap versions" onClick={() => onChoose({ from: to, to: from })}>
          <ArrowLeftRight size={15} />
        </IconButton>
      </div>
      {diff.error ? (
        <ErrorState error={diff.error} retry={() => diff.refetch()} title="The versions could not be compared" />
      ) : !diff.data ? (
        <Skeleton className="h-60 w-full" />
      ) : diff.data.isSame ? (
        <EmptyState title={from === to ? "Same version selected twice" : "No differences"} icon={<Equal size={22} />}>
          {to === 1 && from === 1
            ? "There is no earlier version to compare with."
            : "Choose another version above to see its differences."}
        </EmptyState>
      ) : (
        <DiffFields fields={diff.data.fields} />
      )}
    </div>
  );
}

type SelectProps = { label: string; prompt: Prompt; value: number; onChange: (version: number) => void };

function VersionSelect({ label, prompt, value, onChange }: SelectProps) {
  const list = useVersions(prompt.name);
  const versions = list.data?.pages.flatMap((page) => page.items.map(({ version }) => version)) ?? [];
  const nameOf = (version: number) => {
    const labels = prompt.labels.filter((place) => place.version === version).map((place) => place.label);
    return [`v${version}`, ...labels, ...(version === prompt.latestVersion ? ["latest"] : [])].join(" · ");
  };
  return (
    <Select
      aria-label={label}
      value={value}
      onChange={({ target }) => onChange(Number(target.value))}
      className="num max-w-60"
    >
      {!versions.includes(value) && <option value={value}>v{value}</option>}
      {versions.map((version) => (
        <option key={version} value={version}>
          {nameOf(version)}
        </option>
      ))}
    </Select>
  );
}
