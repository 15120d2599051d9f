import { Link } from "@tanstack/react-router";
import { ShieldAlert } from "lucide-react";
import { formatCount, formatNumberOf } from "../../components/format.ts";
import { useContamination } from "./use-curation.ts";

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
