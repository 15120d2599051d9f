import { Link, useNavigate } from "@tanstack/react-router";
import { useRef } from "react";
import { useKeys } from "../../../../components/browser/keys.ts";
import { AgoCell, TagsCell } from "../../../../components/table/cells.tsx";
import { type PlainColumn, PlainTable } from "../../../../components/table/plain-table.tsx";
import { LabelChip } from "../shared/label-chip.tsx";
import type { Prompt } from "../shared/use-prompts.ts";

/** Prompts with what programs get of each; j and k move through them. */
export function PromptTable({ rows }: { rows: readonly Prompt[] | undefined }) {
  const navigate = useNavigate();
  const box = useRef<HTMLDivElement>(null);
  const step = (by: 1 | -1) => {
    const links = [...(box.current?.querySelectorAll<HTMLElement>("a[data-prompt]") ?? [])];
    const at = links.findIndex((link) => link.matches(":focus"));
    links[Math.min(links.length - 1, Math.max(0, at + by))]?.focus();
  };
  useKeys("Prompts", [
    { keys: "j", label: "Next prompt", run: () => step(1) },
    { keys: "k", label: "Previous prompt", run: () => step(-1) },
  ]);
  return (
    <div ref={box}>
      <PlainTable
        label="Prompts"
        columns={COLUMNS}
        rows={rows}
        idOf={({ promptId }) => promptId}
        onOpen={({ name }) => void navigate({ to: "/prompts/$name", params: { name } })}
      />
    </div>
  );
}

const COLUMNS: readonly PlainColumn<Prompt>[] = [
  { id: "name", header: "Name", className: "w-full min-w-40", cell: (prompt) => <NameCell prompt={prompt} /> },
  {
    id: "labels",
    header: "Labels",
    cell: ({ labels }) => (
      <span className="flex max-w-90 flex-wrap gap-1 md:w-max">
        {labels.map(({ label, version, isProtected }) => (
          <LabelChip key={label} label={label} version={version} isProtected={isProtected} />
        ))}
      </span>
    ),
  },
  { id: "versions", header: "Versions", isNumber: true, isWide: true, cell: ({ latestVersion }) => latestVersion },
  {
    id: "tags",
    header: "Tags",
    isWide: true,
    cell: ({ tags }) => (
      <span className="flex max-w-50">
        <TagsCell tags={tags} />
      </span>
    ),
  },
  {
    id: "changed",
    header: "Changed",
    isWide: true,
    className: "whitespace-nowrap",
    cell: ({ updatedAt, updatedBy }) => (
      <span className="text-muted">
        <AgoCell iso={updatedAt} /> by {updatedBy}
      </span>
    ),
  },
];

function NameCell({ prompt: { name, folder, type, description } }: { prompt: Prompt }) {
  const last = name.slice(folder === "" ? 0 : folder.length + 1);
  return (
    <span className="flex min-w-0 flex-wrap items-baseline gap-x-2">
      <Link
        to="/prompts/$name"
        params={{ name }}
        data-prompt
        onClick={(event) => event.stopPropagation()}
        className="font-medium [overflow-wrap:anywhere] hover:underline"
      >
        {folder && <span className="font-normal text-muted">{folder}/</span>}
        {last}
      </Link>
      <span className="text-xs text-muted">{type}</span>
      {description && <span className="line-clamp-1 basis-full text-xs text-muted">{description}</span>}
    </span>
  );
}
