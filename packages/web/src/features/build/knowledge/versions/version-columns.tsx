import { Ellipsis } from "lucide-react";
import { Button, IconButton } from "../../../../components/form/button.tsx";
import { Menu, MenuItem } from "../../../../components/overlay/menu.tsx";
import { AgoCell } from "../../../../components/table/cells.tsx";
import type { PlainColumn } from "../../../../components/table/plain-table.tsx";
import { formatCount } from "../../../../components/text/format.ts";
import type { Version } from "../shared/use-versions.ts";
import { changeWords } from "./change-words.ts";

type Actions = {
  liveVersion: number | null;
  /** Asks before a version becomes live; undefined without permission. */
  onLive: ((version: Version) => void) | undefined;
  onCompare: (from: number, to: number) => void;
};

type CellProps = { version: Version };

const EmbeddedCell = ({ version: { embeddedChunks, chunks } }: CellProps) => (
  <span title="New chunks that were embedded, and unchanged chunks that were reused">
    {formatCount(embeddedChunks)}
    <span className="text-muted"> · {formatCount(Math.max(0, chunks - embeddedChunks))} reused</span>
  </span>
);

const ModelCell = ({ version: { embedder } }: CellProps) => (
  <span className="block truncate" title={`${embedder.model}, ${embedder.dimensions} dimensions`}>
    {embedder.model}
  </span>
);

/** The columns that need no permission. */
const COLUMNS: readonly PlainColumn<Version>[] = [
  {
    id: "version",
    header: "Version",
    className: "w-full min-w-32",
    cell: (version) => <NumberCell version={version} />,
  },
  {
    id: "documents",
    header: "Documents",
    isNumber: true,
    isWide: true,
    cell: ({ documents }) => formatCount(documents),
  },
  { id: "chunks", header: "Chunks", isNumber: true, isWide: true, cell: ({ chunks }) => formatCount(chunks) },
  {
    id: "embedded",
    header: "Embedded",
    isNumber: true,
    isWide: true,
    cell: (version) => <EmbeddedCell version={version} />,
  },
  {
    id: "model",
    header: "Model",
    isWide: true,
    className: "max-w-44",
    cell: (version) => <ModelCell version={version} />,
  },
  { id: "created", header: "Created", isWide: true, cell: (version) => <CreatedCell version={version} /> },
];

/** The columns of the table of versions. */
export const versionColumns = (actions: Actions): readonly PlainColumn<Version>[] => [
  ...COLUMNS,
  {
    id: "actions",
    header: <span className="sr-only">Actions</span>,
    className: "w-px text-right!",
    cell: (version) => <ActionsCell version={version} {...actions} />,
  },
];

const CreatedCell = ({ version: { createdAt, createdBy } }: CellProps) => (
  <span className="flex flex-col" title={`By ${createdBy}`}>
    <AgoCell iso={createdAt} />
    <span className="max-w-36 truncate text-xs text-muted">by {createdBy}</span>
  </span>
);

function NumberCell({ version }: CellProps) {
  const { version: number, isLive, state, contentHash, documents, chunks } = version;
  return (
    <span className="flex flex-col py-1">
      <span className="flex flex-wrap items-center gap-x-2">
        <span className="num font-medium" title={`Content hash ${contentHash}`}>
          Version {number}
        </span>
        {isLive && <span className="rounded bg-accent-soft px-1.5 text-xs text-accent">live</span>}
        {state === "pruned" && (
          <span className="text-xs text-muted" title="Its chunks were deleted. Only its description is left.">
            pruned
          </span>
        )}
      </span>
      <span className="num text-xs text-muted">{changeWords(version)}</span>
      <span className="num text-xs text-muted md:hidden">
        {formatCount(documents)} documents, {formatCount(chunks)} chunks
      </span>
    </span>
  );
}

function ActionsCell({ version, liveVersion, onLive, onCompare }: Actions & CellProps) {
  const { version: number, isLive, state } = version;
  const isBack = liveVersion !== null && number < liveVersion;
  return (
    <span className="inline-flex items-center gap-1">
      {onLive && state === "ready" && !isLive && (
        <Button size="small" onClick={() => onLive(version)}>
          <span>
            {isBack ? "Roll back" : "Make live"}
            <span className="sr-only">
              {isBack ? " to" : ""} version {number}
            </span>
            …
          </span>
        </Button>
      )}
      <VersionMenu version={version} liveVersion={liveVersion} onCompare={onCompare} />
    </span>
  );
}

type MenuProps = Omit<Actions, "onLive"> & CellProps;

function VersionMenu({ version: { version: number, isLive, state }, liveVersion, onCompare }: MenuProps) {
  const isReady = state === "ready";
  const before = number - 1;
  const trigger = (
    <IconButton label={`Actions for version ${number}`}>
      <Ellipsis size={16} />
    </IconButton>
  );
  return (
    <Menu align="end" trigger={trigger}>
      <MenuItem isDisabled={!isReady || before < 1} onSelect={() => onCompare(before, number)}>
        Compare with version before
      </MenuItem>
      <MenuItem
        isDisabled={!isReady || liveVersion === null || isLive}
        onSelect={() => onCompare(liveVersion ?? number, number)}
      >
        Compare with live version
      </MenuItem>
    </Menu>
  );
}
