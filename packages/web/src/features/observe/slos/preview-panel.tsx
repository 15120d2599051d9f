import { SloInput } from "@treadle/contract";
import { explain } from "../../../api.ts";
import { useSettled } from "../../../components/browser/use-settled.ts";
import { formatCount } from "../../../components/text/format.ts";
import { SloNotices } from "./slo-notices.tsx";
import { formatBudget, sharePercent } from "./slo-words.ts";
import { type SloBody, type SloJudge, type SloPreview, useSloPreview } from "./use-slos.ts";

const PAUSE_MS = 600;

/** What the stored requests say of the SLO in the form. */
export function PreviewPanel({ values }: { values: Partial<SloBody> }) {
  const text = useSettled(JSON.stringify({ ...values, name: "Preview" }), PAUSE_MS);
  const parsed = SloInput.safeParse(JSON.parse(text));
  const preview = useSloPreview(parsed.success ? parsed.data : null);
  return (
    <section
      aria-label="Preview"
      aria-live="polite"
      className="flex flex-col gap-2 rounded-control bg-raised px-3 py-2 text-sm"
    >
      {!parsed.success ? (
        <p className="text-muted">Complete the form to see what the stored requests say.</p>
      ) : preview.error ? (
        <p className="text-bad">{explain(preview.error)}</p>
      ) : preview.data ? (
        <Result preview={preview.data} />
      ) : (
        <p className="text-muted">Counting the stored requests…</p>
      )}
    </section>
  );
}

function Result({ preview: { status, judge, notices } }: { preview: SloPreview }) {
  const { n, requests, good, lower, upper, budgetLeft, bad } = status;
  if (n === 0)
    return (
      <p className="text-muted">
        No request of the window counts{requests > 0 && `, of ${formatCount(requests)} requests`}. The SLO starts when
        requests arrive.
      </p>
    );
  return (
    <>
      <p className="num">
        So far {sharePercent(good, lower, upper)} good ({sharePercent(lower, lower, upper)} to{" "}
        {sharePercent(upper, lower, upper)}), {formatCount(bad)} bad of {formatCount(n)}. Budget left:{" "}
        {formatBudget(budgetLeft)}.
      </p>
      {judge && <Corrected judge={judge} />}
      <SloNotices notices={notices} />
    </>
  );
}

/** The share without the judge's errors, or the reason why it is unknown. */
function Corrected({ judge: { corrected, reason } }: { judge: SloJudge }) {
  if (corrected === null) return <p className="text-muted">There is no corrected share. {reason}</p>;
  const { good, lower, upper, budgetLeft } = corrected;
  return (
    <p className="num text-muted">
      Without the judge's errors {sharePercent(good, lower, upper)} ({sharePercent(lower, lower, upper)} to{" "}
      {sharePercent(upper, lower, upper)}). Budget left: {formatBudget(budgetLeft)}.
    </p>
  );
}
