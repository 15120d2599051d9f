import type { ConsensusMethod } from "@treadle/contract";
import { useState } from "react";
import { explain } from "../../api.ts";
import { Button } from "../../components/button.tsx";
import { Choice } from "../../components/choice.tsx";
import { Dialog, DialogActions } from "../../components/dialog.tsx";
import { Failure } from "../../components/failure.tsx";
import { Field, NumberInput, Select, TextInput } from "../../components/field.tsx";
import { formatCount, formatNumberOf } from "../../components/format.ts";
import { toastDone } from "../../components/toast.tsx";
import { useDatasetChoices } from "../choices/index.ts";
import { type Publication, usePublishTruth } from "./use-truth.ts";

type DialogProps = { queueId: string; question: string; method: ConsensusMethod; close: () => void };
const KINDS = { scores: "As scores", expected: "As expected output", metadata: "As metadata" } as const;
type Kind = keyof typeof KINDS;
const NAMES: readonly Kind[] = ["scores", "expected", "metadata"];

/** Puts what is true where it is used: scores to calibrate judges by, or items of a dataset's draft. */
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
          const left = skipped.map(({ reason, count }) => `${formatCount(count)} left out: ${reason}`);
          toastDone([`Written for ${formatNumberOf(published, "item")}`, ...left].join("; "));
          close();
        },
      },
    );
  }
  return (
    <Dialog title="Use what is true" close={close}>
      <form
        aria-label="Use"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
        className="flex flex-col gap-4"
      >
        <Choice label="Where" names={NAMES} words={KINDS} chosen={kind} onChoose={setKind} />
        {kind === "scores" ? (
          <Field label="Name of the scores" help="They lie on the spans; judges are calibrated on them by this name">
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
                ? "This project has no dataset yet"
                : "Into its draft, where it can be looked at before it counts"
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
        <Field label="At least so sure, %" help="Items that are less sure stay out">
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
            Write it
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
