import { useState } from "react";
import { Button } from "../../../../components/form/button.tsx";
import { Choice } from "../../../../components/form/choice.tsx";
import { Dialog, DialogActions } from "../../../../components/overlay/dialog.tsx";
import { formatCount } from "../../../../components/text/format.ts";
import type { Run } from "../shared/use-training.ts";
import { formatLoss } from "../shared/words.ts";

type Result = NonNullable<Run["wantedResult"]>;
type StopProps = { run: Run; isBusy: boolean; onStop: (result: Result) => void; close: () => void };

function bestWords({ bestStep, bestEvalLoss, evalLoss }: Run["progress"]): string {
  if (bestStep !== null)
    return `The best step so far is step ${formatCount(bestStep)} with a loss of ${formatLoss(bestEvalLoss)}.`;
  return evalLoss === null
    ? "No step has been evaluated yet."
    : `The latest evaluation loss is ${formatLoss(evalLoss)}.`;
}

/** Asks which checkpoint becomes the model before a run is stopped. */
export function StopDialog({ run: { name, config, data, progress }, isBusy, onStop, close }: StopProps) {
  const canChoose = (data?.val ?? 0) > 0;
  const [result, setResult] = useState<Result>(config.save.keep_best ? config.save.result : "last");
  const best = bestWords(progress);
  return (
    <Dialog title={`Stop ${name} and keep the model?`} close={close} width="narrow">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onStop(canChoose ? result : "last");
        }}
        className="flex flex-col gap-4"
      >
        <p className="text-pretty">
          The run stops after this step. {canChoose ? "The step is evaluated and saved." : "The step is saved."}
        </p>
        {canChoose && (
          <div className="flex flex-col items-start gap-1">
            <span className="text-sm font-medium">Model</span>
            <Choice
              label="Model"
              names={["best", "last"]}
              words={{ best: "Best step", last: "Last step" }}
              chosen={result}
              onChoose={setResult}
            />
            <p className="text-xs text-muted">
              {result === "best"
                ? `Uses the step with the lowest evaluation loss. ${best}`
                : "Uses the step at which the run stops."}
            </p>
          </div>
        )}
        <DialogActions>
          <Button onClick={close}>Cancel</Button>
          <Button type="submit" kind="primary" isBusy={isBusy}>
            Stop and keep
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
