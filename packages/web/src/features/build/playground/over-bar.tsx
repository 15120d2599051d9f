import { Checkbox, Select } from "../../../components/form/field.tsx";
import { formatCount } from "../../../components/text/format.ts";
import { useDatasetChoices, useVersionChoices } from "../../system/choices/index.ts";
import { useProject } from "../../system/session/index.ts";
import type { Playground } from "./runs/use-playground.ts";
import type { RowsChoice } from "./state/playground-state.ts";

const COUNTS = [5, 10, 20, 50, 100, 200] as const;
const AT_ONCE = [1, 2, 4, 8, 16] as const;

/** What the columns are run over: one input, or the first rows of a dataset version. */
export function OverBar({ playground }: { playground: Playground }) {
  const { state, save } = playground;
  const { can } = useProject();
  const datasets = useDatasetChoices();
  const list = datasets.data ?? [];
  const { rows } = state;
  function choose(datasetId: string) {
    const dataset = list.find((candidate) => candidate.datasetId === datasetId);
    if (!dataset) return save({ ...state, rows: null });
    const at = dataset.latestVersion === null ? "draft" : String(dataset.latestVersion);
    const { count = 10, atOnce = 4 } = rows ?? {};
    save({ ...state, rows: { datasetId, at, count, atOnce, mapping: {} } });
  }
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
      {can("datasets:read") && (
        <span className="flex items-center gap-2 text-muted">
          Run on
          <Select
            aria-label="Run on"
            value={rows?.datasetId ?? ""}
            onChange={({ target }) => choose(target.value)}
            className="w-auto! max-w-60 text-text"
          >
            <option value="">one input</option>
            {rows && !list.some(({ datasetId }) => datasetId === rows.datasetId) && (
              <option value={rows.datasetId}>unknown dataset</option>
            )}
            {list.map(({ datasetId, name }) => (
              <option key={datasetId} value={datasetId}>
                {name}
              </option>
            ))}
          </Select>
        </span>
      )}
      {rows && <RowsFields rows={rows} onChange={(next) => save({ ...state, rows: next })} />}
      {state.columns.length > 1 && (
        <Checkbox
          label="Highlight differences from the first column"
          checked={state.isDiff ?? false}
          onChange={({ target }) => save({ ...state, isDiff: target.checked })}
        />
      )}
    </div>
  );
}

function RowsFields({ rows, onChange }: { rows: RowsChoice; onChange: (rows: RowsChoice) => void }) {
  const versions = useVersionChoices(rows.datasetId).data ?? [];
  const known = versions.some(({ version }) => String(version) === rows.at);
  return (
    <>
      <Select
        aria-label="Dataset version"
        value={rows.at}
        onChange={({ target }) => onChange({ ...rows, at: target.value })}
        className="w-auto! max-w-60"
      >
        {!known && rows.at !== "draft" && <option value={rows.at}>version {rows.at}</option>}
        {versions.map(({ version: number, branch, rows: count }) => (
          <option key={number} value={number}>
            version {number} {branch !== "main" && `on ${branch}`} ({formatCount(count)} rows)
          </option>
        ))}
        <option value="draft">draft</option>
      </Select>
      <span className="flex items-center gap-2 text-muted">
        first
        <Select
          aria-label="Rows"
          value={rows.count}
          onChange={({ target }) => onChange({ ...rows, count: Number(target.value) })}
          className="num w-auto! text-text"
        >
          {COUNTS.map((count) => (
            <option key={count} value={count}>
              {count} rows
            </option>
          ))}
        </Select>
      </span>
      <span className="flex items-center gap-2 text-muted">
        parallel{" "}
        <Select
          aria-label="Parallel calls"
          value={rows.atOnce}
          onChange={({ target }) => onChange({ ...rows, atOnce: Number(target.value) })}
          className="num w-auto! text-text"
        >
          {AT_ONCE.map((count) => (
            <option key={count}>{count}</option>
          ))}
        </Select>
      </span>
    </>
  );
}
