import { Link } from "@tanstack/react-router";
import { ShieldAlert } from "lucide-react";
import { formatCount, formatNumberOf } from "../../components/format.ts";
import { useContamination } from "./use-curation.ts";

/** One line above the items of a dataset that gives evaluation datasets away; nothing where it gives none away. */
export function ContaminationWarning({ datasetId }: { datasetId: string }) {
  const flags = useContamination(datasetId).data?.items ?? [];
  const [worst, ...others] = flags
    .filter(({ contaminated }) => contaminated > 0)
    .sort((a, b) => b.contaminated - a.contaminated);
  if (!worst) return null;
  const more = others.length > 0 ? `, and others of ${formatNumberOf(others.length, "more dataset")}` : "";
  return (
    <p className="flex flex-wrap items-center gap-x-2 border-line border-b bg-warn-soft px-6 py-2 max-md:px-4">
      <ShieldAlert aria-hidden size={14} className="shrink-0 text-warn" />
      <span className="min-w-0 grow basis-60">
        <span className="num">{formatCount(worst.contaminated)}</span> of {formatNumberOf(worst.rows, "item")} in{" "}
        {worst.version === null ? "the draft" : `version ${worst.version}`}{" "}
        {worst.contaminated === 1 ? "gives" : "give"} away items of {worst.evaluationName}, which is for evaluation
        {more}.
      </span>
      <Link to="/datasets/$datasetId/curate" params={{ datasetId }} className="underline underline-offset-2">
        Decontaminate
      </Link>
    </p>
  );
}

/** Which evaluation datasets share items with this one; nothing where none does. */
export function ContaminationNotes({ datasetId }: { datasetId: string }) {
  const flags = useContamination(datasetId).data?.items ?? [];
  const shown = flags.filter(({ contaminated }) => contaminated > 0);
  if (shown.length === 0) return null;
  return (
    <section aria-label="Contamination" className="card overflow-hidden">
      <h2 className="flex items-center gap-2 px-4 pt-3 pb-1 font-semibold">
        <ShieldAlert aria-hidden size={14} className="text-warn" /> Contamination
      </h2>
      <ul className="divide-y divide-line pb-1">
        {shown.map((flag) => (
          <li key={flag.evaluationDatasetId} className="px-4 py-2">
            <Link
              to="/datasets/$datasetId"
              params={{ datasetId: flag.evaluationDatasetId }}
              className="font-medium hover:underline"
            >
              {flag.evaluationName}
            </Link>
            <p className="text-muted text-pretty">
              gives away <span className="num text-warn">{formatCount(flag.contaminated)}</span> of{" "}
              {formatNumberOf(flag.rows, "item")} in {flag.version === null ? "the draft" : `version ${flag.version}`}
              {flag.samples[0] && (
                <>
                  , such as{" "}
                  <Link
                    to="/datasets/$datasetId"
                    params={{ datasetId }}
                    search={{ open: flag.samples[0].itemId }}
                    className="underline underline-offset-2"
                  >
                    this one
                  </Link>
                </>
              )}
              . Decontaminate, then commit.
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}
