import { Link, useNavigate } from "@tanstack/react-router";
import { Archive, ArchiveRestore, Ellipsis, MessageSquare, Pencil, Trash2 } from "lucide-react";
import { toastDone } from "../../../components/feedback/toast.tsx";
import { IconButton } from "../../../components/form/button.tsx";
import { Menu, MenuItem, MenuLine } from "../../../components/overlay/menu.tsx";
import { AgoCell } from "../../../components/table/cells.tsx";
import { type PlainColumn, PlainTable } from "../../../components/table/plain-table.tsx";
import { useRowKeys } from "../../../components/table/row-keys.ts";
import { rangeWords } from "./score-input.tsx";
import { type ScoreConfig, useScoreChanges } from "./use-scores.ts";

type ScoreAction = "edit" | "delete";
type TableProps = {
  rows: readonly ScoreConfig[] | undefined;
  canWrite: boolean;
  onAct: (action: ScoreAction, config: ScoreConfig) => void;
};

export const TYPE_WORDS = { boolean: "Yes or no", number: "Number", category: "Category", text: "Text" } as const;

const HOLDS = { boolean: "yes or no", number: "any number", category: "categories", text: "any text" } as const;

/** Scores with what they hold; j and k move through them. */
export function ScoreTable({ rows, canWrite, onAct }: TableProps) {
  const box = useRowKeys("Scores");
  const columns: readonly PlainColumn<ScoreConfig>[] = [
    {
      id: "name",
      header: "Name",
      className: "w-full min-w-40",
      cell: ({ name, description, isArchived }) => (
        <span className="flex flex-col">
          <span className="flex flex-wrap gap-x-2">
            <Link
              to="/feedback"
              search={{ name }}
              data-row
              title={`View feedback for ${name}`}
              className="font-medium [overflow-wrap:anywhere] hover:underline"
            >
              {name}
            </Link>
            {isArchived && <span className="text-muted">archived</span>}
          </span>
          {description && <span className="line-clamp-2 text-muted [overflow-wrap:anywhere]">{description}</span>}
        </span>
      ),
    },
    { id: "type", header: "Type", cell: ({ type }) => <span className="whitespace-nowrap">{TYPE_WORDS[type]}</span> },
    { id: "holds", header: "Values", isWide: true, className: "min-w-40", cell: (config) => <Holds config={config} /> },
    {
      id: "better",
      header: "Better",
      isWide: true,
      cell: ({ isHigherBetter }) => (isHigherBetter === null ? "neither" : isHigherBetter ? "higher" : "lower"),
    },
    { id: "changed", header: "Changed", isWide: true, cell: ({ updatedAt }) => <AgoCell iso={updatedAt} /> },
    {
      id: "actions",
      header: <span className="sr-only">Actions</span>,
      className: "w-px text-right!",
      cell: (config) => <Actions config={config} canWrite={canWrite} onAct={onAct} />,
    },
  ];
  return (
    <div ref={box}>
      <PlainTable label="Scores" columns={columns} rows={rows} idOf={({ scoreConfigId }) => scoreConfigId} />
    </div>
  );
}

function Holds({ config }: { config: ScoreConfig }) {
  if (config.type === "category")
    return (
      <span className="text-muted [overflow-wrap:anywhere]">
        {config.categories.map(({ label, value }) => (value === null ? label : `${label} (${value})`)).join(", ")}
      </span>
    );
  return <span className="text-muted">{rangeWords(config) ?? HOLDS[config.type]}</span>;
}

function Actions({ config, canWrite, onAct }: Omit<TableProps, "rows"> & { config: ScoreConfig }) {
  const { update } = useScoreChanges();
  const navigate = useNavigate();
  const { scoreConfigId, name, isArchived } = config;
  const archive = () =>
    update.mutate(
      { scoreConfigId, body: { isArchived: !isArchived } },
      { onSuccess: () => toastDone(isArchived ? `Restored ${name}` : `Archived ${name}`) },
    );
  return (
    <Menu
      align="end"
      trigger={
        <IconButton label={`Actions for ${name}`} size="small">
          <Ellipsis size={16} />
        </IconButton>
      }
    >
      <MenuItem
        icon={<MessageSquare size={14} />}
        onSelect={() => void navigate({ to: "/feedback", search: { name } })}
      >
        View feedback
      </MenuItem>
      {canWrite && (
        <>
          <MenuItem icon={<Pencil size={14} />} onSelect={() => onAct("edit", config)}>
            Edit…
          </MenuItem>
          <MenuItem icon={isArchived ? <ArchiveRestore size={14} /> : <Archive size={14} />} onSelect={archive}>
            {isArchived ? "Restore" : "Archive"}
          </MenuItem>
          <MenuLine />
          <MenuItem icon={<Trash2 size={14} />} onSelect={() => onAct("delete", config)} isDanger>
            Delete…
          </MenuItem>
        </>
      )}
    </Menu>
  );
}
