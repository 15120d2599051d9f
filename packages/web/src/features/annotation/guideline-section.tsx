import { lazy, Suspense, useState } from "react";
import { explain } from "../../api.ts";
import { Button } from "../../components/button.tsx";
import { Failure } from "../../components/failure.tsx";
import { Select, TextArea } from "../../components/field.tsx";
import { formatTime } from "../../components/format.ts";
import { Section } from "../../components/page.tsx";
import { toastDone } from "../../components/toast.tsx";
import { type Queue, useGuidelines, useQueueChanges } from "./use-queues.ts";

const Markdown = lazy(() => import("../../components/markdown.tsx").then((module) => ({ default: module.Markdown })));

/** What annotators are told. A change is a new version; older ones stay to be read. */
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
      { onSuccess: ({ version }) => toastDone(`Version ${version} counts from the next answer on`) },
    );
  return (
    <Section
      title="Guideline"
      action={
        text === undefined && (
          <>
            {(versions.data?.items.length ?? 0) > 1 && (
              <Select
                aria-label="Version of the guideline"
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
            <p className="text-muted">Nothing is written yet. Two people judge alike only by the same rules.</p>
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
                Save as a new version
              </Button>
              <Button onClick={() => setText(undefined)}>Cancel</Button>
            </div>
          </>
        )}
      </div>
    </Section>
  );
}
