import { DEFAULT_PROMPT_LABEL } from "@treadle/contract";
import { Lock } from "lucide-react";
import type { Prompt } from "./use-prompts.ts";

type ChipProps = { label: string; version?: number; isProtected?: boolean };

/** A label, with its version where needed. The default label is highlighted. */
export function LabelChip({ label, version, isProtected = false }: ChipProps) {
  const look =
    label === DEFAULT_PROMPT_LABEL
      ? "border-accent/40 bg-accent-soft text-accent font-medium"
      : "border-line bg-raised text-muted";
  return (
    <span
      className={`inline-flex max-w-full items-center gap-1 rounded border px-1.5 text-xs leading-5 ${look}`}
      title={isProtected ? `${label} is protected` : undefined}
    >
      {isProtected && <Lock aria-hidden size={10} className="shrink-0" />}
      <span className="truncate">{label}</span>
      {version !== undefined && <span className="num shrink-0">v{version}</span>}
      {isProtected && <span className="sr-only">protected</span>}
    </span>
  );
}

/** The labels of one version, `latest` last. */
export function VersionLabels({ prompt, version }: { prompt: Prompt; version: number }) {
  return (
    <>
      {prompt.labels
        .filter((place) => place.version === version)
        .map(({ label, isProtected }) => (
          <LabelChip key={label} label={label} isProtected={isProtected} />
        ))}
      {prompt.latestVersion === version && <LabelChip label="latest" />}
    </>
  );
}
