import { Plus, X } from "lucide-react";
import { useState } from "react";
import { useSettled } from "../../../../components/browser/use-settled.ts";
import { buttonLook, IconButton } from "../../../../components/form/button.tsx";
import { TextInput } from "../../../../components/form/field.tsx";
import { Popover } from "../../../../components/overlay/popover.tsx";
import { AgoCell } from "../../../../components/table/cells.tsx";
import type { Run } from "../shared/use-experiments.ts";
import { useRuns } from "../shared/use-runs.ts";

type RunsProps = {
  base: Run | undefined;
  heads: readonly Run[];
  pick: (next: { base?: string | undefined; heads?: string | undefined }) => void;
};

/** The base and the other runs of a comparison, each with a picker. */
export function CompareRuns({ base, heads, pick }: RunsProps) {
  const ids = heads.map(({ runId }) => runId);
  const datasetId = base?.datasetId ?? heads[0]?.datasetId ?? undefined;
  return (
    <div className="flex flex-wrap items-center gap-2">
      <span className="text-muted">Base</span>
      <RunPicker
        label={base ? nameOf(base) : "Choose base"}
        datasetId={datasetId}
        onPick={({ runId }) => pick({ base: runId, heads: ids.filter((id) => id !== runId).join(",") || undefined })}
      />
      <span className="text-muted">compared with</span>
      {heads.map((run) => (
        <span
          key={run.runId}
          className="inline-flex h-8 items-center gap-1 rounded-control border border-line-strong bg-panel pl-3"
        >
          <span className="max-w-60 truncate" title={nameOf(run)}>
            {nameOf(run)}
          </span>
          <IconButton
            size="small"
            label={`Remove ${run.name}`}
            onClick={() => pick({ heads: ids.filter((id) => id !== run.runId).join(",") || undefined })}
          >
            <X size={13} />
          </IconButton>
        </span>
      ))}
      <RunPicker
        label="Add run"
        isNew
        datasetId={datasetId}
        onPick={({ runId }) => runId !== base?.runId && pick({ heads: [...new Set([...ids, runId])].join(",") })}
      />
    </div>
  );
}

const nameOf = ({ name, experimentName }: Run) =>
  experimentName && experimentName !== name ? `${name} · ${experimentName}` : name;

type PickerProps = {
  label: string;
  isNew?: boolean;
  /** Runs on other datasets share no items. */
  datasetId: string | undefined;
  onPick: (run: Run) => void;
};

/** A picker for runs of the project, searchable by run or experiment name. */
export function RunPicker({ label, isNew = false, datasetId, onPick }: PickerProps) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <Popover
      label="Choose run"
      isOpen={isOpen}
      setIsOpen={setIsOpen}
      trigger={
        <button type="button" className={buttonLook(isNew ? "quiet" : "plain")}>
          {isNew && <Plus aria-hidden size={14} />}
          <span className="max-w-60 truncate">{label}</span>
        </button>
      }
    >
      <Choices
        datasetId={datasetId}
        onPick={(run) => {
          setIsOpen(false);
          onPick(run);
        }}
      />
    </Popover>
  );
}

function Choices({ datasetId, onPick }: Pick<PickerProps, "datasetId" | "onPick">) {
  const [word, setWord] = useState("");
  const list = useRuns({ search: useSettled(word.trim(), 250), datasetId });
  const runs = list.data?.items;
  return (
    <div className="flex w-96 max-w-[calc(100vw-24px)] flex-col">
      <div className="p-2">
        <TextInput
          type="search"
          aria-label="Search runs"
          placeholder="Run or experiment name"
          autoFocus
          value={word}
          onChange={({ target }) => setWord(target.value)}
        />
      </div>
      <ul className="max-h-80 overflow-y-auto border-line border-t p-1">
        {runs?.map((run) => (
          <li key={run.runId}>
            <button
              type="button"
              onClick={() => onPick(run)}
              className="flex w-full flex-col rounded-control px-2 py-1.5 text-left -outline-offset-2 hover:bg-raised focus-visible:bg-raised"
            >
              <span className="font-medium [overflow-wrap:anywhere]">{run.name}</span>
              <span className="text-xs text-muted">
                {[run.experimentName ?? "uploaded", run.source.branch].filter(Boolean).join(" · ")},{" "}
                <AgoCell iso={run.createdAt} />
              </span>
            </button>
          </li>
        ))}
        {runs?.length === 0 && <li className="px-2 py-3 text-muted">No matching runs.</li>}
        {list.isPending && <li className="px-2 py-3 text-muted">Loading…</li>}
        {list.error && <li className="px-2 py-3 text-bad">The runs could not be loaded.</li>}
      </ul>
    </div>
  );
}
