import { lazy, Suspense, useState } from "react";
import { explain } from "../../../../api.ts";
import { Failure } from "../../../../components/feedback/failure.tsx";
import { toastDone } from "../../../../components/feedback/toast.tsx";
import { Button } from "../../../../components/form/button.tsx";
import { Select, TextArea } from "../../../../components/form/field.tsx";
import { Section } from "../../../../components/layout/page.tsx";
import { formatTime } from "../../../../components/text/format.ts";
import { type Queue, useGuidelines, useQueueChanges } from "../shared/use-queues.ts";

const Markdown = lazy(() =>
  import("../../../../components/content/markdown.tsx").then((module) => ({ default: module.Markdown })),
);

/** The guideline for annotators. Each change is a new version; older versions stay readable. */
export function GuidelineSection({ queue }: { queue: Queue }) {
  const { queueId, guideline } = queue;
  const versions = useGuidelines(queueId);
  const { writeGuideline } = useQueueChanges();
  const [text, setText] = useState<string>();
  const [shown, setShown] = useState(guideline.version);
  const one = versions.data?.items.find(({ version }) => version === shown) ?? guideline;
  const save = () =>
    writeGuideline.mutate(
      { queueId, body: { markdown: text ?? "", examples: guideline.examples } },
      { onSuccess: ({ version }) => toastDone(`Version ${version} applies from the next answer`) },
    );
  return (
    <Section
      title="Guideline"
      action={
        text === undefined && (
          <>
            {(versions.data?.items.length ?? 0) > 1 && (
              <Select
                aria-label="Guideline version"
                value={shown}
                onChange={({ target }) => setShown(Number(target.value))}
                className="w-52!"
              >
                {versions.data?.items.map(({ version, createdAt }) => (
                  <option key={version} value={version}>
                    Version {version}, {formatTime(createdAt)}
                  </option>
                ))}
              </Select>
            )}
            <Button size="small" onClick={() => setText(one.markdown)}>
              Edit
            </Button>
          </>
        )
      }
    >
      <div className="flex flex-col gap-3 px-4 pb-4">
        {text === undefined ? (
          one.markdown.trim() === "" ? (
            <p className="text-muted">No guideline yet. People agree more often if they follow the same rules.</p>
          ) : (
            <Suspense fallback={<p className="whitespace-pre-wrap">{one.markdown}</p>}>
              <Markdown text={one.markdown} />
            </Suspense>
          )
        ) : (
          <>
            <TextArea
              aria-label="Guideline"
              rows={10}
              value={text}
              maxLength={100_000}
              autoFocus
              onChange={({ target }) => setText(target.value)}
            />
            <Failure text={writeGuideline.error ? explain(writeGuideline.error) : undefined} />
            <div className="flex gap-2">
              <Button
                kind="primary"
                isBusy={writeGuideline.isPending}
                disabled={text === guideline.markdown}
                onClick={save}
              >
                Save new version
              </Button>
              <Button onClick={() => setText(undefined)}>Cancel</Button>
            </div>
          </>
        )}
      </div>
    </Section>
  );
}
