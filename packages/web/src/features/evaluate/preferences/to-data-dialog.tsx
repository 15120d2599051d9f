import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { explain } from "../../../api.ts";
import { Failure } from "../../../components/feedback/failure.tsx";
import { toastDone } from "../../../components/feedback/toast.tsx";
import { Button } from "../../../components/form/button.tsx";
import { Checkbox, Field, NumberInput, Select } from "../../../components/form/field.tsx";
import { Dialog, DialogActions } from "../../../components/overlay/dialog.tsx";
import { formatNumberOf } from "../../../components/text/format.ts";
import { ChooseDataset } from "../../data/to-dataset/index.ts";
import type { useQueueChoices } from "../../system/choices/index.ts";
import { DryRun } from "./dry-run.tsx";
import { type ToDataBody, useDryRun, useMakeData } from "./use-preferences.ts";

type Shape = ToDataBody["shape"];
type Privacy = "mask" | "drop" | "keep";
const SHAPES: Readonly<Record<Shape, string>> = {
  dpo: "Preference pairs (DPO)",
  reward: "Pairs with a margin (reward model)",
  kto: "Labeled answers (KTO)",
  sft: "Fine-tuning examples (SFT)",
  evaluation: "Evaluation items",
};
const PRIVACY: Readonly<Record<Privacy, string>> = {
  mask: "Replace with a placeholder",
  drop: "Skip the row",
  keep: "Keep unchanged",
};

type DialogProps = {
  queue: string | undefined;
  queues: ReturnType<typeof useQueueChoices>["data"];
  close: () => void;
};

/** Turns preferences into rows of a draft, with a preview and the reasons for skipped rows. */
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
      consent: isAnyConsent ? "any" : "given",
      guideline: isAnyGuideline ? "any" : "current",
      privacy,
      testShare,
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
      title="Add to dataset"
      description="The rows are added to the draft, where you review them before you commit. Each row links to its source."
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
          <Field label="Source">
            {(field) => (
              <Select {...field} value={from} onChange={({ target }) => setFrom(target.value)}>
                <option value="preferences">Collected preferences</option>
                <option value="feedback">User feedback</option>
                {queues?.map(({ queueId, name }) => (
                  <option key={queueId} value={`queue ${queueId}`}>
                    Queue {name}
                  </option>
                ))}
              </Select>
            )}
          </Field>
          <Field label="Use as">
            {(field) => <Options {...field} words={SHAPES} chosen={shape} onChoose={setShape} />}
          </Field>
          <Field label="Personal data and secrets">
            {(field) => <Options {...field} words={PRIVACY} chosen={privacy} onChoose={setPrivacy} />}
          </Field>
          <Field
            label="Test split (%)"
            help="The share of prompts in the test split. All rows of a prompt are in one split."
          >
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
            label="Include data without training consent"
            checked={isAnyConsent}
            onChange={({ target }) => setIsAnyConsent(target.checked)}
          />
          <Checkbox
            label="Include answers under older guidelines"
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
