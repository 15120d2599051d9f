import { lazy, Suspense } from "react";
import { Dialog } from "../../../../components/overlay/dialog.tsx";
import type { Queue } from "../shared/use-queues.ts";

const Markdown = lazy(() =>
  import("../../../../components/content/markdown.tsx").then((module) => ({ default: module.Markdown })),
);

/** The guideline for annotators, with examples. */
export function GuidelineDialog({ queue, close }: { queue: Queue; close: () => void }) {
  const { markdown, examples, version } = queue.guideline;
  const isEmpty = markdown.trim() === "" && examples.length === 0;
  return (
    <Dialog title="Guideline" description={`${queue.name}, version ${version}`} close={close} width="wide">
      {isEmpty ? (
        <p className="text-muted">No guideline yet. You can write one in the settings of the queue.</p>
      ) : (
        <Suspense fallback={<p className="whitespace-pre-wrap">{markdown}</p>}>
          <Markdown text={markdown} />
          {examples.map((example, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the examples of a version never change order.
            <section key={index} aria-label={example.title || `Example ${index + 1}`} className="card mt-3 p-3">
              <h3 className="mb-1 font-medium">{example.title || `Example ${index + 1}`}</h3>
              <Markdown text={example.markdown} />
            </section>
          ))}
        </Suspense>
      )}
    </Dialog>
  );
}
