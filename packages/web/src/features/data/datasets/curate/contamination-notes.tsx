import { Link } from "@tanstack/react-router";
import { ShieldAlert } from "lucide-react";
import { formatCount, formatNumberOf } from "../../../../components/text/format.ts";
import { useContamination } from "./use-curation.ts";

/** A warning above the items of a dataset that contains items of evaluation datasets; hidden without contamination. */
export function ContaminationWarning({ datasetId }: { datasetId: string }) {
  const flags = useContamination(datasetId).data?.items ?? [];
  const [worst, ...others] = flags
    .filter(({ contaminated }) => contaminated > 0)
    .sort((a, b) => b.contaminated - a.contaminated);
  if (!worst) return null;
  const more = others.length > 0 ? `, and items of ${formatNumberOf(others.length, "more evaluation dataset")}` : "";
  return (
    <p className="flex flex-wrap items-center gap-x-2 border-line border-b bg-warn-soft px-6 py-2 max-md:px-4">
      <ShieldAlert aria-hidden size={14} className="shrink-0 text-warn" />
      <span className="min-w-0 grow basis-60">
        <span className="num">{formatCount(worst.contaminated)}</span> of {formatNumberOf(worst.rows, "item")} in{" "}
        {worst.version === null ? "the draft" : `version ${worst.version}`}{" "}
        {worst.contaminated === 1 ? "matches" : "match"} the evaluation dataset {worst.evaluationName}
        {more}.
      </span>
      <Link to="/datasets/$datasetId/curate" params={{ datasetId }} className="underline underline-offset-2">
        Decontaminate
      </Link>
    </p>
  );
}

/** The evaluation datasets that share items with this one; hidden if there are none. */
export function ContaminationNotes({ datasetId }: { datasetId: string }) {
  const flags = useContamination(datasetId).data?.items ?? [];
  const contaminatedFlags = flags.filter(({ contaminated }) => contaminated > 0);
  if (contaminatedFlags.length === 0) return null;
  return (
    <section aria-label="Contamination" className="card overflow-hidden">
      <h2 className="flex items-center gap-2 px-4 pt-3 pb-1 font-semibold">
        <ShieldAlert aria-hidden size={14} className="text-warn" /> Contamination
      </h2>
      <ul className="divide-y divide-line pb-1">
        {contaminatedFlags.map((flag) => (
          <li key={flag.evaluationDatasetId} className="px-4 py-2">
            <Link
              to="/datasets/$datasetId"
              params={{ datasetId: flag.evaluationDatasetId }}
              className="font-medium hover:underline"
            >
              {flag.evaluationName}
            </Link>
            <p className="text-muted text-pretty">
              shares <span className="num text-warn">{formatCount(flag.contaminated)}</span> of{" "}
              {formatNumberOf(flag.rows, "item")} in {flag.version === null ? "the draft" : `version ${flag.version}`}
              {flag.samples[0] && (
                <>
                  , for example{" "}
                  <Link
                    to="/datasets/$datasetId"
                    params={{ datasetId }}
                    search={{ open: flag.samples[0].itemId }}
                    className="underline underline-offset-2"
                  >
                    this item
                  </Link>
                </>
              )}
              . Decontaminate the draft, then commit it.
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}
