import type { FilePreview } from "@treadle/contract";
import { useState } from "react";
import { type PlainColumn, PlainTable } from "../../../../components/table/plain-table.tsx";
import { expectedText, inputText } from "../../to-dataset/index.ts";
import { ItemView } from "../items/item-view.tsx";

type PreviewItem = FilePreview["items"][number];

const COLUMNS: readonly PlainColumn<PreviewItem>[] = [
  { id: "line", header: "Line", isNumber: true, cell: ({ line }) => <span className="text-muted">{line}</span> },
  {
    id: "input",
    header: "Input",
    className: "w-1/2",
    cell: ({ inputs }) => <span className="line-clamp-1 [overflow-wrap:anywhere]">{inputText(inputs)}</span>,
  },
  {
    id: "expected",
    header: "Expected",
    className: "w-1/2",
    cell: ({ expected }) => (
      <span className="line-clamp-1 [overflow-wrap:anywhere]">
        {expectedText(expected) || <span className="text-muted">none</span>}
      </span>
    ),
  },
  {
    id: "split",
    header: "Split",
    isWide: true,
    cell: ({ split }) => split ?? <span className="text-muted">none</span>,
  },
  {
    id: "metadata",
    header: "Metadata",
    isWide: true,
    cell: ({ metadata }) => (
      <code className="line-clamp-1 max-w-60 text-xs text-muted">
        {Object.entries(metadata)
          .map(([name, value]) => `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`)
          .join(" ")}
      </code>
    ),
  },
];

/** The first items of a file; each can be opened. */
export function PreviewItems({ items }: { items: readonly PreviewItem[] }) {
  const [open, setOpen] = useState<PreviewItem>();
  if (items.length === 0)
    return (
      <p className="px-4 pb-4 text-warn">No row could be read as an item. Choose another row format or file format.</p>
    );
  return (
    <>
      <PlainTable
        label="Item preview"
        columns={COLUMNS}
        rows={items}
        idOf={({ line, itemId }) => `${line} ${itemId}`}
        onOpen={(item) => setOpen(item === open ? undefined : item)}
      />
      {open && (
        <div className="border-line border-t">
          <h3 className="px-4 pt-3 text-xs text-muted">Line {open.line} as an item</h3>
          <ItemView item={open} />
        </div>
      )}
    </>
  );
}
