import { lazy, type ReactNode, Suspense, useMemo, useState } from "react";
import { useMedia } from "../../../../components/browser/media.ts";
import { EmptyState, Skeleton } from "../../../../components/feedback/states.tsx";
import { Tabs } from "../../../../components/layout/tabs.tsx";
import type { DocumentText, KnowledgeDocument } from "../shared/use-documents.ts";
import { ChunkText } from "./chunk-text.tsx";
import { Outline } from "./outline.tsx";
import { type Heading, headingsOf } from "./text-layout.ts";

/** The reader of PDFs is large, and only PDFs need it. */
const PdfPreview = lazy(() => import("./pdf/pdf-preview.tsx").then((part) => ({ default: part.PdfPreview })));
const ROOMY = "(min-width: 1100px)";
const TABS = ["Text", "Pages"] as const;
type Tab = (typeof TABS)[number];

type BodyProps = {
  knowledgeBaseId: string;
  document: KnowledgeDocument;
  /** Undefined while it loads, and until the document is parsed. */
  text: DocumentText | undefined;
  selected: string | undefined;
  onSelect: (chunkId: string | undefined) => void;
};

/** The text with its outline, and the pages of a PDF next to it. */
export function DocumentBody({ knowledgeBaseId, document, text, selected, onSelect }: BodyProps) {
  const chunk = text?.chunks.find(({ chunkId }) => chunkId === selected);
  const headings = useMemo(() => (text ? headingsOf(text) : []), [text]);
  // A preview of other chunks has the chunk of the link only by chance.
  const isPreview = text?.version === null && text.chunks.length > 0;
  const isMissing = selected !== undefined && chunk === undefined && !isPreview;
  const words = document.characters !== null && (
    <Words text={text} selected={selected} isMissing={isMissing} onSelect={onSelect} />
  );
  if (document.format !== "pdf")
    return <Columns side={headings.length > 1 && <Outline headings={headings} />} name="Outline" main={words} />;
  const pages = (
    <Suspense fallback={<Skeleton className="aspect-[1/1.4] w-full rounded-card" />}>
      <PdfPreview knowledgeBaseId={knowledgeBaseId} document={document} text={text} chunk={chunk} />
    </Suspense>
  );
  // A document that was not parsed has no text, but its pages show what was uploaded.
  if (!words) return <div className="max-w-180">{pages}</div>;
  return <TextAndPages words={words} pages={pages} headings={headings} />;
}

type WordsProps = Pick<BodyProps, "text" | "selected" | "onSelect"> & { isMissing: boolean };

function Words({ text, selected, isMissing, onSelect }: WordsProps) {
  if (!text) return <Skeleton className="h-96 rounded-card" />;
  if (text.text.trim() === "")
    return <EmptyState title="No text">The document has no text that can be searched.</EmptyState>;
  return (
    <div className="flex min-w-0 flex-col gap-2">
      {isMissing && (
        <p role="status" className="rounded-control bg-warn-soft px-3 py-2">
          {text.version === null ? "No version holds" : `Version ${text.version} does not hold`} the chunk of the link.
        </p>
      )}
      {text.version === null && text.chunks.length === 0 && (
        <p className="text-muted">No version holds the document yet, so it has no chunks.</p>
      )}
      <ChunkText text={text} selected={selected} onSelect={onSelect} />
    </div>
  );
}

type ColumnsProps = { side: ReactNode; name: string; main: ReactNode };

/** The outline next to the text, or folded above it. */
function Columns({ side, name, main }: ColumnsProps) {
  const isRoomy = useMedia(ROOMY);
  if (!side) return main;
  if (!isRoomy)
    return (
      <>
        <Folded name={name}>{side}</Folded>
        {main}
      </>
    );
  return (
    <div className="grid grid-cols-[minmax(0,1fr)_18rem] items-start gap-6">
      {main}
      <div className="sticky top-4 max-h-[calc(100vh-7rem)] overflow-y-auto">
        <h2 className="px-2 pb-1 font-semibold">{name}</h2>
        {side}
      </div>
    </div>
  );
}

type PagesProps = { words: ReactNode; pages: ReactNode; headings: readonly Heading[] };

function TextAndPages({ words, pages, headings }: PagesProps) {
  const isRoomy = useMedia(ROOMY);
  const [shown, setShown] = useState<Tab>("Text");
  const outlined = (
    <>
      {headings.length > 1 && (
        <Folded name="Outline">
          <Outline headings={headings} />
        </Folded>
      )}
      {words}
    </>
  );
  if (!isRoomy) return <TextOrPages text={outlined} pages={pages} shown={shown} onShow={setShown} />;
  return (
    <div className="grid grid-cols-2 items-start gap-6">
      <div className="flex min-w-0 flex-col gap-4">{outlined}</div>
      <div className="sticky top-4 max-h-[calc(100vh-2rem)] overflow-y-auto">{pages}</div>
    </div>
  );
}

type TabsProps = { text: ReactNode; pages: ReactNode; shown: Tab; onShow: (tab: Tab) => void };

const TextOrPages = ({ text, pages, shown, onShow }: TabsProps) => (
  <>
    <Tabs label="Parts of the document" names={TABS} shown={shown} onShow={onShow} />
    <div role="tabpanel" aria-label={shown} className="flex flex-col gap-4">
      {shown === "Text" ? text : pages}
    </div>
  </>
);

const Folded = ({ name, children }: { name: string; children: ReactNode }) => (
  <details className="card px-4 py-2">
    <summary className="w-fit font-medium">{name}</summary>
    <div className="mt-2 max-h-80 overflow-y-auto">{children}</div>
  </details>
);
