import { useState } from "react";
import { explain } from "../../api.ts";
import { Button } from "../../components/button.tsx";
import { Choice } from "../../components/choice.tsx";
import { Dialog } from "../../components/dialog.tsx";
import { Failure } from "../../components/failure.tsx";
import { Field, NumberInput } from "../../components/field.tsx";
import { ActingJob } from "../jobs/index.ts";
import { draftRef } from "./dataset-search.ts";
import type { DatasetPlace } from "./use-draft.ts";
import { useStats } from "./use-items.ts";
import { useOwnJob } from "./use-jobs.ts";
import { useMakeMap } from "./use-maps.ts";

const PARTS = ["prompt", "answer", "all"] as const;
const PART_WORDS = { prompt: "What is asked", answer: "The answer", all: "All of it" } as const;
const METHODS = ["neighbours", "axes"] as const;
const METHOD_WORDS = { neighbours: "Near stays near", axes: "Largest differences" } as const;
const MOST_FIELDS = 10;

type MakeProps = { place: DatasetPlace; close: () => void; onMade: () => void };

/** Lays the draft out anew; fields with few values come with it, to colour it by. */
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
      description="Each item is read by a model of this machine; that takes a while the first time."
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
          <span className="text-sm font-medium">By what</span>
          <Choice label="By what" names={PARTS} words={PART_WORDS} chosen={of} onChoose={setOf} />
        </div>
        <div className="flex flex-col gap-1">
          <span className="text-sm font-medium">How</span>
          <Choice label="How" names={METHODS} words={METHOD_WORDS} chosen={method} onChoose={setMethod} />
        </div>
        <Field label="Items at most" help="Of more a part is taken, spread evenly" className="max-w-44">
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
          <Button onClick={close}>{isRunning ? "Go on in the background" : "Cancel"}</Button>
          <Button type="submit" kind="primary" isBusy={make.isPending || (make.data !== undefined && isRunning)}>
            Make the map
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
