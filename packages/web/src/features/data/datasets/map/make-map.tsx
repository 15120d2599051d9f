import { useState } from "react";
import { explain } from "../../../../api.ts";
import { Failure } from "../../../../components/feedback/failure.tsx";
import { Button } from "../../../../components/form/button.tsx";
import { Choice } from "../../../../components/form/choice.tsx";
import { Field, NumberInput } from "../../../../components/form/field.tsx";
import { Dialog } from "../../../../components/overlay/dialog.tsx";
import { ActingJob } from "../../../system/jobs/index.ts";
import { useStats } from "../items/use-items.ts";
import { draftRef } from "../shared/dataset-search.ts";
import type { DatasetPlace } from "../shared/use-draft.ts";
import { useOwnJob } from "../shared/use-jobs.ts";
import { useMakeMap } from "./use-maps.ts";

const PARTS = ["prompt", "answer", "all"] as const;
const PART_WORDS = { prompt: "Input", answer: "Answer", all: "Input and answer" } as const;
const METHODS = ["neighbours", "axes"] as const;
const METHOD_WORDS = { neighbours: "By similarity", axes: "By main differences" } as const;
const MOST_FIELDS = 10;

type MakeProps = { place: DatasetPlace; close: () => void; onMade: () => void };

/** Computes a new map of the draft. Fields with few values are included as colours. */
export function MakeMap({ place, close, onMade }: MakeProps) {
  const at = draftRef(place.branch);
  const stats = useStats(place.datasetId, at);
  const make = useMakeMap(place.datasetId);
  const [of, setOf] = useState<(typeof PARTS)[number]>("prompt");
  const [method, setMethod] = useState<(typeof METHODS)[number]>("neighbours");
  const [rows, setRows] = useState(5_000);
  const { job, isRunning, failure } = useOwnJob(make.data?.jobId, ({ status }) => status === "done" && onMade());
  const fields = [
    "split",
    ...(stats.data?.labels ? ["expected"] : []),
    ...(stats.data?.fields ?? []).map(({ field }) => field).filter((field) => field.startsWith("metadata.")),
  ].slice(0, MOST_FIELDS);
  return (
    <Dialog
      title="New map"
      description="A local model reads each item. The first map takes a while."
      close={close}
      width="narrow"
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          make.mutate({ version: at, of, method, rows, fields });
        }}
        className="flex flex-col gap-4 text-base"
      >
        <div className="flex flex-col gap-1">
          <span className="text-sm font-medium">Text</span>
          <Choice label="Text" names={PARTS} words={PART_WORDS} chosen={of} onChoose={setOf} />
        </div>
        <div className="flex flex-col gap-1">
          <span className="text-sm font-medium">Layout</span>
          <Choice label="Layout" names={METHODS} words={METHOD_WORDS} chosen={method} onChoose={setMethod} />
        </div>
        <Field label="Maximum items" help="Larger datasets are sampled evenly" className="max-w-44">
          {(field) => (
            <NumberInput
              {...field}
              min={3}
              max={20_000}
              step={1}
              value={rows}
              onChange={({ target }) => setRows(Math.round(target.valueAsNumber) || 5_000)}
            />
          )}
        </Field>
        <Failure text={make.error ? explain(make.error) : failure} />
        {job && isRunning && <ActingJob job={job} />}
        <div className="flex justify-end gap-2">
          <Button onClick={close}>{isRunning ? "Run in background" : "Cancel"}</Button>
          <Button type="submit" kind="primary" isBusy={make.isPending || (make.data !== undefined && isRunning)}>
            Create map
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
