import type { MonitorInput } from "@treadle/contract";
import { useMemo } from "react";
import { useSettled } from "../../../../components/browser/use-settled.ts";
import { Skeleton } from "../../../../components/feedback/states.tsx";
import { Button } from "../../../../components/form/button.tsx";
import { Section } from "../../../../components/layout/page.tsx";
import { plainMessage, previewBody } from "../form/check-draft.ts";
import type { MonitorDraft } from "../form/monitor-draft.ts";
import { useMonitorPreview } from "../shared/use-monitors.ts";
import { PreviewProgress } from "./preview-progress.tsx";
import { PreviewResult } from "./preview-result.tsx";

const PAUSE_MS = 700;

/** Where the monitor of the form would have fired. It follows the form after a pause. */
export function PreviewPanel({ draft }: { draft: MonitorDraft }) {
  const { body, preview, isPending } = usePreviewOf(draft);
  const { data, error } = preview;
  const isFailed = error !== null && !isPending;
  return (
    <Section
      title="Preview of the last 30 days"
      action={isPending && <PreviewProgress />}
      className="lg:sticky lg:top-4 lg:max-h-[calc(100vh-2rem)] lg:overflow-y-auto"
    >
      <div className="flex flex-col gap-3 px-4 pb-4">
        {!body && (
          <p className="text-muted">Complete the measure and the condition to see when the monitor would fire.</p>
        )}
        {body && isFailed && <PreviewFailure error={error} retry={() => preview.refetch()} />}
        {body && !isFailed && !data && <Skeleton className="h-72" />}
        {body && !isFailed && data && (
          <div className={`flex flex-col gap-3 transition-opacity duration-150 ${isPending ? "opacity-60" : ""}`}>
            <PreviewResult preview={data} settings={body} />
          </div>
        )}
      </div>
    </Section>
  );
}

/** The preview of a form, once the form is complete and does not change. */
function usePreviewOf(draft: MonitorDraft) {
  // As a text, because a form that is checked again is a new object each time.
  const text = JSON.stringify(previewBody(draft));
  const settled = useSettled(text, PAUSE_MS);
  const body = useMemo((): MonitorInput | undefined => settled && JSON.parse(settled), [settled]);
  const preview = useMonitorPreview(body);
  return {
    body: text === undefined ? undefined : body,
    preview,
    isPending: text !== undefined && (settled !== text || preview.isFetching),
  };
}

const PreviewFailure = ({ error, retry }: { error: Error; retry: () => void }) => (
  <div role="alert" className="flex flex-col items-start gap-2">
    <p className="text-bad text-pretty [overflow-wrap:anywhere]">{plainMessage(error)}</p>
    <p className="text-muted">You can save the monitor without a preview.</p>
    <Button size="small" onClick={retry}>
      Retry
    </Button>
  </div>
);
