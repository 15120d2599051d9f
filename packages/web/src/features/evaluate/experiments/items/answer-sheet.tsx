import { Link } from "@tanstack/react-router";
import { X } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useKeys } from "../../../../components/browser/keys.ts";
import { JsonView } from "../../../../components/content/json-tree.tsx";
import { CopyButton } from "../../../../components/feedback/copy-button.tsx";
import { EmptyState, Skeleton } from "../../../../components/feedback/states.tsx";
import { IconButton } from "../../../../components/form/button.tsx";
import { Checkbox } from "../../../../components/form/field.tsx";
import { ChangedWords } from "../../../../components/text/changed-words.tsx";
import { FoldedText } from "../../../../components/text/folded-text.tsx";
import { formatCount } from "../../../../components/text/format.ts";
import { expectedText } from "../../../data/to-dataset/index.ts";
import type { Run } from "../shared/use-experiments.ts";
import type { RunItem } from "../shared/use-runs.ts";
import { AnswerView } from "./answer-view.tsx";
import { itemInput, sidesOf } from "./item-columns.tsx";
import { ItemScores } from "./item-scores.tsx";

type SheetProps = {
  run: Run;
  base: Run | undefined;
  others: readonly Run[];
  datasetId: string | null;
  root: string | null;
  item: RunItem | undefined;
  itemId: string;
  isLoading: boolean;
  close: () => void;
};

/** One item next to its list: the input, each answer, the differences, and the reason for each score. */
export function AnswerSheet({ run, base, others, datasetId, root, item, itemId, isLoading, close }: SheetProps) {
  useKeys("Open item", [{ keys: "Escape", label: "Close item", run: close }]);
  return (
    <aside
      aria-label="Open item"
      className="flex h-full w-[min(680px,54%)] shrink-0 animate-[sheet-in_150ms_ease-out] flex-col border-line border-l bg-bg max-lg:absolute max-lg:inset-y-0 max-lg:right-0 max-lg:z-20 max-lg:w-[min(680px,100%)] max-md:fixed max-md:z-30 max-md:w-full"
    >
      <header className="flex items-center gap-2 border-line border-b bg-panel py-2 pr-2 pl-4">
        <div className="min-w-0 grow">
          <h2 className="truncate font-semibold">{item ? `Item ${formatCount(item.position + 1)}` : "Item"}</h2>
          <p className="flex items-center gap-1 text-xs text-muted">
            <code className="truncate text-xs">{itemId}</code>
            <CopyButton text={itemId} label="Copy item id" className="size-5!" />
          </p>
        </div>
        {datasetId && (
          <Link
            to="/datasets/$datasetId"
            params={{ datasetId }}
            search={{ at: root ?? undefined, open: itemId }}
            className="shrink-0 text-accent underline underline-offset-2"
          >
            Dataset item
          </Link>
        )}
        <IconButton label="Close (Esc)" onClick={close}>
          <X size={16} />
        </IconButton>
      </header>
      <div className="min-h-0 grow overflow-y-auto">
        {item ? (
          <Body run={run} base={base} others={others} item={item} />
        ) : isLoading ? (
          <div className="flex flex-col gap-3 p-4">
            <Skeleton className="h-24" />
            <Skeleton className="h-40" />
          </div>
        ) : (
          <EmptyState title="Item not in the list">
            The item does not match the filter, or is further down. Load more of the list.
          </EmptyState>
        )}
      </div>
    </aside>
  );
}

type BodyProps = Pick<SheetProps, "run" | "base" | "others"> & { item: RunItem };

function Body({ run, base, others, item }: BodyProps) {
  const [isDiff, setIsDiff] = useState(false);
  const before = item.base?.results[0];
  const after = item.results[0];
  const sides = sidesOf(item, { run, base, others });
  const canDiff = before?.state === "ok" && after?.state === "ok" && before.output !== after.output;
  return (
    <div className="flex flex-col gap-4 p-4">
      <Part title="Input">
        <FoldedText text={itemInput(item) || "(empty)"} />
        <Whole value={item.inputs} label="Input" />
      </Part>
      {item.expected !== null && item.expected !== undefined && (
        <Part title="Expected">
          <FoldedText text={expectedText(item.expected)} />
        </Part>
      )}
      {canDiff && (
        <Checkbox label="Show differences" checked={isDiff} onChange={({ target }) => setIsDiff(target.checked)} />
      )}
      {canDiff && isDiff ? (
        <Part title={`${run.name} compared with ${base?.name ?? "the base"}`}>
          <div className="card p-3">
            <ChangedWords change={{ before: before.output, after: after.output }} />
          </div>
        </Part>
      ) : (
        sides.map((side) => <AnswerView key={side.run.runId} {...side} />)
      )}
      <ItemScores scorers={run.scorers} sides={sides} />
      <Part title="Metadata">
        {item.split !== null && <p className="mb-1 text-muted">split {item.split}</p>}
        <JsonView value={item.metadata ?? {}} label="Metadata" />
      </Part>
    </div>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title} className="min-w-0">
      <h3 className="mb-1 text-xs text-muted">{title}</h3>
      {children}
    </section>
  );
}

function Whole({ value, label }: { value: unknown; label: string }) {
  if (typeof value !== "object" || value === null || Object.keys(value).length < 2) return null;
  return (
    <details className="mt-1">
      <summary className="text-xs text-muted">All {label.toLowerCase()}</summary>
      <div className="mt-1">
        <JsonView value={value} label={label} />
      </div>
    </details>
  );
}
