import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { Button } from "../../../../components/form/button.tsx";
import { Section } from "../../../../components/layout/page.tsx";
import { type PlainColumn, PlainTable } from "../../../../components/table/plain-table.tsx";
import { formatNumberOf } from "../../../../components/text/format.ts";
import { ToQueueButton } from "../../../evaluate/to-queue/index.ts";
import { useProject } from "../../../system/session/index.ts";
import { detectorLabel } from "../shared/detector-words.ts";
import { kindWords, trustLabel } from "../shared/guard-words.ts";
import { rateWords } from "../shared/share-words.ts";
import { type Detector, useDetectors, useLabel } from "../shared/use-detectors.ts";
import type { Example } from "./use-previews.ts";

const PAGE = 20;
const keyOf = ({ rule, traceId, spanId, path, kind, start, end }: Example) =>
  [rule, traceId, spanId, path, kind, start, end].join(" ");

/** Findings to look at in their traces, and to label. */
export function PreviewExamples({ previewId, examples }: { previewId: string; examples: readonly Example[] }) {
  const [shown, setShown] = useState(PAGE);
  const canWrite = useProject().can("guards:write");
  return (
    <Section
      title="Examples"
      action={<Send previewId={previewId} count={examples.length} />}
      description="Open a finding in its trace, and say whether it is right. The precision of a detector counts these labels."
    >
      <Precisions detectors={[...new Set(examples.map(({ detector }) => detector))]} />
      <PlainTable
        label="Examples"
        columns={canWrite ? [...COLUMNS, LABEL_COLUMN] : COLUMNS}
        rows={examples.slice(0, shown)}
        idOf={keyOf}
      />
      {shown < examples.length && (
        <Button className="m-3 self-start" onClick={() => setShown(shown + PAGE)}>
          Show more
        </Button>
      )}
    </Section>
  );
}

/** Its dialog asks for the question. */
const Send = ({ previewId, count }: { previewId: string; count: number }) => (
  <ToQueueButton
    body={{ from: "guard-findings", previewId, question: "" }}
    what={formatNumberOf(count, "finding")}
    label="Send to annotation"
  />
);

function Precisions({ detectors }: { detectors: readonly string[] }) {
  const all = useDetectors().data?.items.filter(({ name, precision }) => detectors.includes(name) && precision.of > 0);
  if (!all || all.length === 0) return null;
  return (
    <ul className="num flex flex-wrap gap-x-4 gap-y-1 px-4 pb-2 text-muted">
      {all.map(({ name, precision }) => (
        <li key={name}>
          <Link to="/guards/detectors/$name" params={{ name }} className="underline underline-offset-2">
            {detectorLabel(name)}
          </Link>
          : {precisionWords(precision)}
        </li>
      ))}
    </ul>
  );
}

function precisionWords(precision: Detector["precision"]): string {
  const { value, note } = rateWords(precision, "label");
  return `precision ${value.toLowerCase()} (${note})`;
}

const COLUMNS: readonly PlainColumn<Example>[] = [
  {
    id: "kind",
    header: "Finding",
    className: "min-w-32",
    cell: ({ kind, detector }) => kindWords(kind, detector),
  },
  { id: "source", header: "Source", isWide: true, cell: ({ source }) => trustLabel(source) },
  {
    id: "place",
    header: "Place",
    isWide: true,
    className: "w-full [overflow-wrap:anywhere]",
    cell: ({ path, start, end }) => (
      <span className="num font-mono text-xs">
        {path}, {start}–{end}
      </span>
    ),
  },
  { id: "score", header: "Score", isNumber: true, isWide: true, cell: ({ score }) => score.toFixed(2) },
  {
    id: "trace",
    header: "Trace",
    cell: ({ traceId, spanId }) => (
      <Link
        to="/traces/$traceId"
        params={{ traceId }}
        search={{ span: spanId }}
        className="text-accent underline underline-offset-2"
      >
        Open
      </Link>
    ),
  },
];

const LABEL_COLUMN: PlainColumn<Example> = {
  id: "label",
  header: "Label",
  cell: (example) => <LabelButtons example={example} />,
};

function LabelButtons({ example }: { example: Example }) {
  const label = useLabel();
  const { traceId, spanId, detector, kind, path, start, end } = example;
  const say = (isRight: boolean) => () => label.mutate({ traceId, spanId, detector, kind, path, start, end, isRight });
  const said = label.data?.isRight;
  return (
    <span className="inline-flex gap-1 whitespace-nowrap">
      <Button size="small" aria-pressed={said === true} isBusy={label.isPending} onClick={say(true)}>
        Right
      </Button>
      <Button size="small" aria-pressed={said === false} isBusy={label.isPending} onClick={say(false)}>
        False alarm
      </Button>
    </span>
  );
}
