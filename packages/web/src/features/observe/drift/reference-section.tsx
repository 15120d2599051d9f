import { Section } from "../../../components/layout/page.tsx";
import { formatNumberOf, formatTime } from "../../../components/text/format.ts";
import type { DriftWatch } from "./use-drift.ts";

/** What the days are compared with. */
export const ReferenceSection = ({ watch: { reference } }: { watch: DriftWatch }) => (
  <Section title="Reference">
    <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-6 gap-y-1 px-4 pb-4">
      <dt className="text-muted">Version</dt>
      <dd className="num">
        {reference.version}, created on {formatTime(reference.createdAt)}
      </dd>
      <dt className="text-muted">Texts</dt>
      <dd className="num">{reference.texts === null ? "not read yet" : formatNumberOf(reference.texts, "text")}</dd>
      <dt className="text-muted">Source</dt>
      <dd className="[overflow-wrap:anywhere]">{sourceWords(reference.source)}</dd>
    </dl>
  </Section>
);

function sourceWords(source: DriftWatch["reference"]["source"]): string {
  if (source.kind === "dataset") return `Dataset ${source.datasetId}, ${source.version}`;
  const last = new Date(Date.parse(source.to) - 1).toISOString().slice(0, 10);
  return `Calls from ${source.from.slice(0, 10)} to ${last} (UTC)`;
}
