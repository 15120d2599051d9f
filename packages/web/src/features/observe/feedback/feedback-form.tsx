import { useState } from "react";
import { explain } from "../../../api.ts";
import { Failure } from "../../../components/feedback/failure.tsx";
import { toastDone } from "../../../components/feedback/toast.tsx";
import { Button } from "../../../components/form/button.tsx";
import { Checkbox, Field, Select, TextArea, TextInput } from "../../../components/form/field.tsx";
import { Dialog, DialogActions } from "../../../components/overlay/dialog.tsx";
import { ScoreInput } from "./score-input.tsx";
import { type FeedbackOn, type FeedbackToGive, useFeedbackChanges } from "./use-feedback.ts";
import { type ScoreConfig, useScoreConfigs, useSettings } from "./use-scores.ts";

type FormProps = { on: FeedbackOn; close: () => void };
type Draft = {
  name: string;
  value: FeedbackToGive["value"] | undefined;
  comment: string;
  correction: string;
  expected: string;
  consent: boolean | undefined;
};

const FREE = "";
const EMPTY: Draft = { name: FREE, value: undefined, comment: "", correction: "", expected: "", consent: undefined };

/** Feedback with everything it can hold: a score of the project, a comment, a better answer, what a test should expect. */
export function FeedbackForm({ on, close }: FormProps) {
  const configs = useScoreConfigs({ search: "", archived: false });
  const settings = useSettings();
  const { give } = useFeedbackChanges(on);
  const [draft, setDraft] = useState(EMPTY);
  const change = (next: Partial<Draft>) => setDraft((old) => ({ ...old, ...next }));
  const known = configs.data?.pages.flatMap(({ items }) => items) ?? [];
  const config = known.find(({ name }) => name === draft.name);
  const isNothing = draft.value === undefined && !draft.comment.trim() && !draft.correction && !draft.expected;
  function submit() {
    give.mutate(toBody(draft), {
      onSuccess: () => {
        toastDone("Saved the feedback");
        close();
      },
    });
  }
  return (
    <Dialog
      title="Give feedback"
      description={`It is stored as a score of this ${nameOf(on)} under your name.`}
      close={close}
    >
      <form
        aria-label="Feedback"
        onSubmit={(event) => {
          event.preventDefault();
          if (!isNothing) submit();
        }}
        className="flex flex-col gap-4"
      >
        <Field label="Score" isOptional help={config?.description || helpFor(known)}>
          {(field) => (
            <Select
              {...field}
              value={draft.name}
              onChange={({ target }) => change({ name: target.value, value: undefined })}
            >
              <option value={FREE}>None (comment only)</option>
              {known.map(({ name }) => (
                <option key={name} value={name}>
                  {name}
                </option>
              ))}
            </Select>
          )}
        </Field>
        {config && <ScoreInput config={config} value={draft.value} onChange={(value) => change({ value })} />}
        <Words draft={draft} change={change} />
        <Checkbox
          label="Allow training on this feedback"
          checked={draft.consent ?? settings.data?.defaultConsent ?? false}
          onChange={({ target }) => change({ consent: target.checked })}
        />
        <Failure text={give.error ? explain(give.error) : undefined} />
        <DialogActions>
          <Button onClick={close}>Cancel</Button>
          <Button type="submit" kind="primary" isBusy={give.isPending} disabled={isNothing}>
            Save
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

function Words({ draft, change }: { draft: Draft; change: (next: Partial<Draft>) => void }) {
  return (
    <>
      <Field label="Comment" isOptional>
        {(field) => (
          <TextArea
            {...field}
            rows={3}
            maxLength={20_000}
            value={draft.comment}
            onChange={({ target }) => change({ comment: target.value })}
          />
        )}
      </Field>
      <Field label="Correction" isOptional help="The answer the model should have given. JSON is stored as JSON.">
        {(field) => (
          <TextArea
            {...field}
            rows={4}
            value={draft.correction}
            onChange={({ target }) => change({ correction: target.value })}
          />
        )}
      </Field>
      <Field label="Expected output" isOptional help="The output a test should expect for this input.">
        {(field) => (
          <TextInput {...field} value={draft.expected} onChange={({ target }) => change({ expected: target.value })} />
        )}
      </Field>
    </>
  );
}

const helpFor = (known: readonly ScoreConfig[]) =>
  known.length === 0 ? "The project has no scores yet. Create scores under Feedback, Scores." : undefined;

function nameOf(on: FeedbackOn): string {
  if ("sessionId" in on) return "session";
  return on.spanId === undefined ? "trace" : "span";
}

const toBody = ({ name, value, comment, correction, expected, consent }: Draft): FeedbackToGive => ({
  ...(name !== FREE && { name }),
  ...(value !== undefined && { value }),
  ...(comment.trim() && { comment: comment.trim() }),
  ...(correction && { correction: readAnswer(correction) }),
  ...(expected && { expectedOutput: readAnswer(expected) }),
  ...(consent !== undefined && { consent }),
});

/** An object or a list is meant as JSON; anything else is text. */
function readAnswer(text: string): unknown {
  if (!/^\s*[{[]/.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
