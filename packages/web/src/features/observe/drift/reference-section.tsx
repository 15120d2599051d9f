import { useState } from "react";
import { Button } from "../../../components/form/button.tsx";
import { Section } from "../../../components/layout/page.tsx";
import { formatNumberOf, formatTime } from "../../../components/text/format.ts";
import { useProject } from "../../system/session/index.ts";
import { ReferenceForm } from "./reference-form.tsx";
import type { DriftWatch } from "./use-drift.ts";

/** What the days are compared with. */
export function ReferenceSection({ watch }: { watch: DriftWatch }) {
  const [isChanging, setIsChanging] = useState(false);
  const change = useProject().can("monitors:write") && (
    <Button onClick={() => setIsChanging(true)}>Change reference…</Button>
  );
  return (
    <Section title="Reference" action={change}>
      <ReferenceFacts reference={watch.reference} />
      {isChanging && <ReferenceForm watch={watch} close={() => setIsChanging(false)} />}
    </Section>
  );
}

const ReferenceFacts = ({ reference }: Pick<DriftWatch, "reference">) => (
  <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-6 gap-y-1 px-4 pb-4">
    <dt className="text-muted">Version</dt>
    <dd className="num">{reference.version}</dd>
    <dt className="text-muted">Created</dt>
    <dd className="num">{formatTime(reference.createdAt)}</dd>
    <dt className="text-muted">Texts</dt>
    <dd className="num">{reference.texts === null ? "not read yet" : formatNumberOf(reference.texts, "text")}</dd>
    <dt className="text-muted">Source</dt>
    <dd className="[overflow-wrap:anywhere]">{sourceWords(reference.source)}</dd>
  </dl>
);

function sourceWords(source: DriftWatch["reference"]["source"]): string {
  if (source.kind === "dataset") return `Dataset ${source.datasetId}, ${source.version}`;
  const last = new Date(Date.parse(source.to) - 1).toISOString().slice(0, 10);
  return `Calls from ${source.from.slice(0, 10)} to ${last} (UTC)`;
}
