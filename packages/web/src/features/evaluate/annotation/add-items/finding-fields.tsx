import { Field, Select } from "../../../../components/form/field.tsx";
import { formatTime } from "../../../../components/text/format.ts";
import type { Queue } from "../shared/use-queues.ts";
import type { ItemsDraft } from "./items-draft.ts";
import { useFindingPreviews } from "./use-sources.ts";

type FieldsProps = { queue: Queue; draft: ItemsDraft; change: (next: Partial<ItemsDraft>) => void };

/** The findings of a preview of guards, and the question whose answer labels them. */
export const FindingFields = (props: FieldsProps) => (
  <>
    <PreviewField {...props} />
    <DetectorField {...props} />
    <QuestionField {...props} />
  </>
);

const NO_PREVIEW = "This project has no finished preview of guards. Start one on the Preview tab of a guard policy.";

function PreviewField({ draft, change }: FieldsProps) {
  const { data, error } = useFindingPreviews();
  return (
    <Field
      label="Preview"
      error={error ? "The previews could not be loaded. You need the permission guards:read." : undefined}
      help={data?.length === 0 ? NO_PREVIEW : "Adds the examples of the preview. Each shows the finding in its text."}
    >
      {(field) => (
        <Select
          {...field}
          value={draft.previewId}
          onChange={({ target }) => change({ previewId: target.value, detector: "" })}
        >
          <option value="">Choose a preview</option>
          {data?.map(({ previewId, createdAt, detectors }) => (
            <option key={previewId} value={previewId}>
              {formatTime(createdAt)} · {detectors.join(", ")}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}

/** Only for a preview with more than one detector. */
function DetectorField({ draft, change }: FieldsProps) {
  const { data } = useFindingPreviews();
  const detectors = data?.find(({ previewId }) => previewId === draft.previewId)?.detectors ?? [];
  if (detectors.length < 2) return null;
  return (
    <Field label="Detector">
      {(field) => (
        <Select {...field} value={draft.detector} onChange={({ target }) => change({ detector: target.value })}>
          <option value="">All detectors</option>
          {detectors.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </Select>
      )}
    </Field>
  );
}

function QuestionField({ queue, draft, change }: FieldsProps) {
  const questions = queue.questions.filter(({ type }) => type === "binary");
  return (
    <Field
      label="Question"
      help={
        questions.length === 0
          ? "This queue has no yes-or-no question. Add one in its settings."
          : "Yes labels the finding as right, No as a false alarm."
      }
    >
      {(field) => (
        <Select {...field} value={draft.question} onChange={({ target }) => change({ question: target.value })}>
          <option value="">Choose a question</option>
          {questions.map(({ key, title }) => (
            <option key={key} value={key}>
              {title}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}
