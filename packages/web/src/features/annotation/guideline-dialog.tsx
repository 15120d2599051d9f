import { lazy, Suspense } from "react";
import { Dialog } from "../../components/dialog.tsx";
import type { Queue } from "./use-queues.ts";

const Markdown = lazy(() => import("../../components/markdown.tsx").then((module) => ({ default: module.Markdown })));

/** What annotators are told, with its examples. */
export function GuidelineDialog({ queue, close }: { queue: Queue; close: () => void }) {
  const { markdown, examples, version } = queue.guideline;
  const isEmpty = markdown.trim() === "" && examples.length === 0;
  return (
    <Dialog title="Guideline" description={`${queue.name}, version ${version}`} close={close} width="wide">
      {isEmpty ? (
        <p className="text-muted">Nobody has written one yet. It is written in the settings of the queue.</p>
      ) : (
        <Suspense fallback={<p className="whitespace-pre-wrap">{markdown}</p>}>
          <Markdown text={markdown} />
          {examples.map((example, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: examples of one version never move.
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
