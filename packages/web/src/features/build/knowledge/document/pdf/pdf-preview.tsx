import { ChevronLeft, ChevronRight } from "lucide-react";
import type { PDFDocumentProxy } from "pdfjs-dist";
import { useRef, useState } from "react";
import { useElementSize } from "../../../../../components/browser/use-element-size.ts";
import { ErrorState, Skeleton } from "../../../../../components/feedback/states.tsx";
import { IconButton } from "../../../../../components/form/button.tsx";
import { NumberInput } from "../../../../../components/form/field.tsx";
import { formatCount } from "../../../../../components/text/format.ts";
import { type DocumentText, type KnowledgeDocument, useDocumentBytes } from "../../shared/use-documents.ts";
import { boxesOf, percentOf } from "./page-boxes.ts";
import { usePageDrawing, usePdf } from "./use-pdf.ts";

type PreviewProps = {
  knowledgeBaseId: string;
  document: KnowledgeDocument;
  text: DocumentText | undefined;
  /** The chunk whose lines are marked. */
  chunk: DocumentText["chunks"][number] | undefined;
};

/** The pages of a PDF one by one, with the lines of a chunk marked. */
export function PdfPreview({ knowledgeBaseId, document, text, chunk }: PreviewProps) {
  const bytes = useDocumentBytes(knowledgeBaseId, document);
  const { pdf, error } = usePdf(bytes.data);
  if (bytes.error)
    return <ErrorState error={bytes.error} retry={() => bytes.refetch()} title="The file could not be loaded" />;
  if (error) return <ErrorState error={error} title="The browser cannot show this PDF" />;
  if (!pdf) return <Skeleton className="aspect-[1/1.4] w-full rounded-card" />;
  return <Pages pdf={pdf} text={text} chunk={chunk} />;
}

type PagesProps = Pick<PreviewProps, "text" | "chunk"> & { pdf: PDFDocumentProxy };

function Pages({ pdf, text, chunk }: PagesProps) {
  const [choice, setChoice] = useState<{ chunkId: string | undefined; number: number }>();
  // A newly selected chunk shows its page, until the user turns pages.
  const wanted = choice && choice.chunkId === chunk?.chunkId ? choice.number : (chunk?.page ?? choice?.number ?? 1);
  const number = Math.min(Math.max(1, wanted), pdf.numPages);
  const show = (next: number) => setChoice({ chunkId: chunk?.chunkId, number: next });
  return (
    <section aria-label="Pages" className="flex min-w-0 flex-col gap-2">
      <Turning number={number} total={pdf.numPages} onTurn={show} />
      <Page pdf={pdf} number={number} text={text} chunk={chunk} />
    </section>
  );
}

type TurningProps = { number: number; total: number; onTurn: (number: number) => void };

const Turning = ({ number, total, onTurn }: TurningProps) => (
  <div className="flex items-center justify-center gap-2">
    <IconButton label="Previous page" disabled={number <= 1} onClick={() => onTurn(number - 1)}>
      <ChevronLeft size={16} />
    </IconButton>
    <NumberInput
      aria-label="Page"
      min={1}
      max={total}
      step={1}
      value={number}
      onChange={({ target: { valueAsNumber } }) => Number.isInteger(valueAsNumber) && onTurn(valueAsNumber)}
      className="w-14! text-center"
    />
    <span className="num text-muted">of {formatCount(total)}</span>
    <IconButton label="Next page" disabled={number >= total} onClick={() => onTurn(number + 1)}>
      <ChevronRight size={16} />
    </IconButton>
  </div>
);

function Page({ pdf, number, text, chunk }: PagesProps & { number: number }) {
  const frame = useRef<HTMLDivElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const { width } = useElementSize(frame);
  const { error, isDrawn } = usePageDrawing(box, { pdf, number, width });
  const size = text?.pages.find((page) => page.number === number);
  const shown = isDrawn && size ? boxesOf(text?.boxes ?? [], number, chunk) : [];
  return (
    <div ref={frame} className="card relative overflow-hidden bg-white" aria-busy={!isDrawn && !error}>
      <div ref={box} className={isDrawn ? "" : "min-h-60"} />
      {error ? <ErrorState error={error} title="This page could not be drawn" /> : null}
      {size &&
        shown.map((line) => (
          <span
            key={`${line.start}-${line.y}`}
            aria-hidden
            data-mark="line"
            className="absolute rounded-sm bg-[#ffd84d]/45 mix-blend-multiply"
            style={percentOf(line, size)}
          />
        ))}
    </div>
  );
}
