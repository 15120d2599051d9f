import type { ConsensusMethod } from "@treadle/contract";
import { useState } from "react";
import { explain } from "../../../../api.ts";
import { Failure } from "../../../../components/feedback/failure.tsx";
import { toastDone } from "../../../../components/feedback/toast.tsx";
import { Button } from "../../../../components/form/button.tsx";
import { Choice } from "../../../../components/form/choice.tsx";
import { Field, NumberInput, Select, TextInput } from "../../../../components/form/field.tsx";
import { Dialog, DialogActions } from "../../../../components/overlay/dialog.tsx";
import { formatCount, formatNumberOf } from "../../../../components/text/format.ts";
import { useDatasetChoices } from "../../../system/choices/index.ts";
import { type Publication, usePublishTruth } from "./use-truth.ts";

type DialogProps = { queueId: string; question: string; method: ConsensusMethod; close: () => void };
const KINDS = { scores: "Scores", expected: "Expected output", metadata: "Metadata" } as const;
type Kind = keyof typeof KINDS;
const NAMES: readonly Kind[] = ["scores", "expected", "metadata"];

/** Publishes the consensus: as scores for judge calibration, or into a dataset's draft. */
export function PublishTruth({ queueId, question, method, close }: DialogProps) {
  const publish = usePublishTruth(queueId);
  const datasets = useDatasetChoices();
  const [kind, setKind] = useState<Kind>("scores");
  const [name, setName] = useState(question);
  const [chosen, setChosen] = useState("");
  const [percent, setPercent] = useState(60);
  const datasetId = chosen || (datasets.data?.[0]?.datasetId ?? "");
  const to: Publication["to"] =
    kind === "scores" ? { kind, name } : { kind: "dataset", datasetId, branch: "main", field: kind };
  function submit() {
    publish.mutate(
      { question, method, minConfidence: Math.min(100, Math.max(0, percent || 0)) / 100, to },
      {
        onSuccess({ published, skipped }) {
          const left = skipped.map(({ reason, count }) => `${formatCount(count)} skipped: ${reason}`);
          toastDone([`Published ${formatNumberOf(published, "item")}`, ...left].join("; "));
          close();
        },
      },
    );
  }
  return (
    <Dialog title="Publish consensus" close={close}>
      <form
        aria-label="Publish"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
        className="flex flex-col gap-4"
      >
        <Choice label="Publish as" names={NAMES} words={KINDS} chosen={kind} onChoose={setKind} />
        {kind === "scores" ? (
          <Field label="Score name" help="Judges can be calibrated against scores with this name">
            {(field) => (
              <TextInput
                {...field}
                value={name}
                required
                maxLength={120}
                onChange={({ target }) => setName(target.value)}
              />
            )}
          </Field>
        ) : (
          <Field
            label="Dataset"
            help={
              datasets.data?.length === 0
                ? "This project has no datasets"
                : "The items are added to its draft, where you review them before you commit"
            }
          >
            {(field) => (
              <Select {...field} value={datasetId} required onChange={({ target }) => setChosen(target.value)}>
                {datasets.data?.map((dataset) => (
                  <option key={dataset.datasetId} value={dataset.datasetId}>
                    {dataset.name}
                  </option>
                ))}
              </Select>
            )}
          </Field>
        )}
        <Field label="Minimum confidence (%)" help="Items with lower confidence are skipped">
          {(field) => (
            <NumberInput
              {...field}
              min={0}
              max={100}
              value={Number.isNaN(percent) ? "" : percent}
              className="max-w-40"
              onChange={({ target }) => setPercent(target.valueAsNumber)}
            />
          )}
        </Field>
        <Failure text={publish.error ? explain(publish.error) : undefined} />
        <DialogActions>
          <Button onClick={close}>Cancel</Button>
          <Button
            type="submit"
            kind="primary"
            isBusy={publish.isPending}
            disabled={kind === "scores" ? name.trim() === "" : datasetId === ""}
          >
            Publish
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
