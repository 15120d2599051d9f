import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { explain } from "../../api.ts";
import { Button } from "../../components/button.tsx";
import { Dialog, DialogActions } from "../../components/dialog.tsx";
import { Failure } from "../../components/failure.tsx";
import { Checkbox, Field, NumberInput, Select } from "../../components/field.tsx";
import { formatNumberOf } from "../../components/format.ts";
import { toastDone } from "../../components/toast.tsx";
import type { useQueueChoices } from "../choices/index.ts";
import { ChooseDataset } from "../to-dataset/index.ts";
import { DryRun } from "./dry-run.tsx";
import { type ToDataBody, useDryRun, useMakeData } from "./use-preferences.ts";

type Shape = ToDataBody["shape"];
type Privacy = "mask" | "drop" | "keep";
const SHAPES: Readonly<Record<Shape, string>> = {
  dpo: "Pairs to align with (DPO)",
  reward: "Pairs with a margin (reward model)",
  kto: "Answers with a label (KTO)",
  sft: "Answers to fine-tune on (SFT)",
  evaluation: "Expected answers to evaluate with",
};
const PRIVACY: Readonly<Record<Privacy, string>> = {
  mask: "Put a placeholder in its place",
  drop: "Leave the row out",
  keep: "Keep it",
};

type DialogProps = {
  queue: string | undefined;
  queues: ReturnType<typeof useQueueChoices>["data"];
  close: () => void;
};

/** What people said becomes rows of a draft; what would come of it, and why the rest falls out, is shown first. */
export function ToDataDialog({ queue, queues, close }: DialogProps) {
  const navigate = useNavigate();
  const make = useMakeData();
  const [from, setFrom] = useState(queue ? `queue ${queue}` : "preferences");
  const [shape, setShape] = useState<Shape>("dpo");
  const [isAnyConsent, setIsAnyConsent] = useState(false);
  const [isAnyGuideline, setIsAnyGuideline] = useState(false);
  const [privacy, setPrivacy] = useState<Privacy>("mask");
  const [testPercent, setTestPercent] = useState("0");
  const [into, setInto] = useState<Parameters<typeof ChooseDataset>[0]["into"]>();
  const testShare = Math.min(0.5, Math.max(0, Number(testPercent) / 100 || 0));
  const body: ToDataBody = {
    from: sourceOf(from),
    shape,
    rules: {
      ...{ consent: isAnyConsent ? "any" : "given", guideline: isAnyGuideline ? "any" : "current" },
      ...{ privacy, testShare },
    },
  };
  const dry = useDryRun(body);
  const rows = dry.data?.rows ?? 0;
  const submit = () =>
    into &&
    make.mutate(
      { ...body, datasetId: into.datasetId, branch: into.branch },
      {
        onSuccess(made) {
          close();
          toastDone(`Added ${formatNumberOf(made.rows, "row")} to the draft`, {
            label: "Show",
            run: () => void navigate({ to: "/datasets/$datasetId", params: { datasetId: into.datasetId } }),
          });
        },
      },
    );
  return (
    <Dialog
      title="To a dataset"
      description="Rows go into the draft, where they can be looked at before they count. Each leads back to what it was made of."
      close={close}
      width="wide"
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
        className="flex flex-col gap-4 text-base"
      >
        <div className="grid grid-cols-2 gap-4 max-sm:grid-cols-1">
          <Field label="From">
            {(field) => (
              <Select {...field} value={from} onChange={({ target }) => setFrom(target.value)}>
                <option value="preferences">Collected preferences</option>
                <option value="feedback">Feedback of end users</option>
                {queues?.map(({ queueId, name }) => (
                  <option key={queueId} value={`queue ${queueId}`}>
                    Queue {name}
                  </option>
                ))}
              </Select>
            )}
          </Field>
          <Field label="What the rows are for">
            {(field) => <Options {...field} words={SHAPES} chosen={shape} onChoose={setShape} />}
          </Field>
          <Field label="Personal data and secrets">
            {(field) => <Options {...field} words={PRIVACY} chosen={privacy} onChoose={setPrivacy} />}
          </Field>
          <Field label="Of the prompts, kept for tests" help="Percent; all rows of a prompt are in one split.">
            {(field) => (
              <NumberInput
                {...field}
                min={0}
                max={50}
                value={testPercent}
                onChange={({ target }) => setTestPercent(target.value)}
              />
            )}
          </Field>
        </div>
        <div className="flex flex-wrap gap-x-6 gap-y-2">
          <Checkbox
            label="Also what nobody agreed to train on"
            checked={isAnyConsent}
            onChange={({ target }) => setIsAnyConsent(target.checked)}
          />
          <Checkbox
            label="Also answers under older guidelines"
            checked={isAnyGuideline}
            onChange={({ target }) => setIsAnyGuideline(target.checked)}
          />
        </div>
        <DryRun dry={dry} />
        <ChooseDataset into={into} onChoose={setInto} />
        <Failure text={make.error ? explain(make.error) : undefined} />
        <DialogActions>
          <Button onClick={close}>Cancel</Button>
          <Button type="submit" kind="primary" isBusy={make.isPending} disabled={!into || rows === 0}>
            Add {formatNumberOf(rows, "row")}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

function sourceOf(from: string): ToDataBody["from"] {
  const [kind, queueId] = from.split(" ");
  if (kind === "queue" && queueId) return { kind, queueId };
  return kind === "feedback" ? { kind } : { kind: "preferences" };
}

type OptionsProps<Name extends string> = {
  id: string;
  words: Readonly<Record<Name, string>>;
  chosen: Name;
  onChoose: (name: Name) => void;
};

function Options<Name extends string>({ words, chosen, onChoose, ...field }: OptionsProps<Name>) {
  const names = Object.keys(words) as Name[];
  return (
    <Select
      {...field}
      value={chosen}
      onChange={({ target }) => {
        const next = names.find((name) => name === target.value);
        if (next) onChoose(next);
      }}
    >
      {names.map((name) => (
        <option key={name} value={name}>
          {words[name]}
        </option>
      ))}
    </Select>
  );
}
