import { useEffect, useMemo, useRef } from "react";
import { formatNumberOf } from "../../../../components/text/format.ts";
import { pageWords } from "../shared/page-words.ts";
import type { DocumentText } from "../shared/use-documents.ts";
import { layOutText, type Piece, type Stretch } from "./text-layout.ts";

type TextProps = {
  text: DocumentText;
  /** The id of the selected chunk. */
  selected: string | undefined;
  onSelect: (chunkId: string | undefined) => void;
};

/** The id of the element in which a heading starts. */
export const headingId = (start: number): string => `text-${start}`;

/** The text of a document, with its chunks as alternating stretches. The selected chunk scrolls into view. */
export function ChunkText({ text, selected, onSelect }: TextProps) {
  const stretches = useMemo(() => layOutText(text), [text]);
  const box = useRef<HTMLDivElement>(null);
  const place = text.chunks.findIndex(({ chunkId }) => chunkId === selected);
  useEffect(() => {
    if (place >= 0) box.current?.querySelector(`[data-chunk="${place}"]`)?.scrollIntoView({ block: "center" });
  }, [place]);
  return (
    <div ref={box} className="card overflow-hidden">
      {stretches.map((stretch) =>
        stretch.chunk === null ? (
          <Between key={stretch.start} text={text.text} stretch={stretch} />
        ) : (
          <ChunkStretch
            key={stretch.start}
            text={text}
            stretch={stretch}
            place={stretch.chunk}
            isSelected={stretch.chunk === place}
            isNextSelected={place >= 0 && stretch.chunk === place - 1}
            onSelect={onSelect}
          />
        ),
      )}
    </div>
  );
}

/** Off-screen stretches are not laid out, so that a long book opens fast. */
const LAZY = "[content-visibility:auto] [contain-intrinsic-size:auto_12rem]";

/** Text that no chunk has, such as hidden text. */
const Between = ({ text, stretch: { start, end, pieces } }: { text: string; stretch: Stretch }) =>
  text.slice(start, end).trim() === "" ? null : (
    <div className={`px-4 py-2 text-muted ${LAZY}`}>
      <p className="mb-1 text-xs">Not in a chunk</p>
      <Pieces text={text} pieces={pieces} isMarked={false} />
    </div>
  );

type StretchProps = {
  text: DocumentText;
  stretch: Stretch;
  place: number;
  isSelected: boolean;
  /** Whether the chunk after it is selected, which repeats the end of this one. */
  isNextSelected: boolean;
  onSelect: (chunkId: string | undefined) => void;
};

function ChunkStretch({ text, stretch, place, isSelected, isNextSelected, onSelect }: StretchProps) {
  const chunk = text.chunks[place];
  if (!chunk) return null;
  const { chunkId, headings, tokens, page, lastPage } = chunk;
  const facts = [headings.join(" › "), formatNumberOf(tokens, "token"), pageWords(page, lastPage)].filter(Boolean);
  const tint = isSelected ? "border-accent bg-accent-soft" : `border-transparent ${place % 2 === 0 ? "" : "bg-raised"}`;
  return (
    <section
      aria-label={`Chunk ${place + 1}`}
      data-chunk={place}
      className={`border-l-3 px-4 py-2 ${tint} ${isSelected ? "" : LAZY}`}
    >
      <button
        type="button"
        aria-pressed={isSelected}
        onClick={() => onSelect(isSelected ? undefined : chunkId)}
        className="mb-1 flex max-w-full flex-wrap gap-x-2 text-left text-xs text-muted [overflow-wrap:anywhere] hover:text-text"
      >
        <span className="num font-medium text-text">Chunk {place + 1}</span>
        <span className="num">{facts.join(" · ")}</span>
      </button>
      <Pieces text={text.text} pieces={stretch.pieces} isMarked={isNextSelected} />
    </section>
  );
}

type PiecesProps = {
  text: string;
  pieces: readonly Piece[];
  /** Marks the pieces that the next chunk repeats. */
  isMarked: boolean;
};

const Pieces = ({ text, pieces, isMarked }: PiecesProps) => (
  <div dir="auto" className="max-w-180 text-left text-base whitespace-pre-wrap [overflow-wrap:anywhere]">
    {pieces.map((piece, place) => (
      <span
        key={piece.start}
        id={piece.kind === "heading" ? headingId(piece.start) : undefined}
        title={hintOf(piece)}
        className={lookOf(piece, isMarked)}
      >
        {wordsOf(text.slice(piece.start, piece.end), place === 0, place === pieces.length - 1)}
      </span>
    ))}
  </div>
);

/** Blank lines and the space between sentences at the edges of a stretch would look like a gap. */
function wordsOf(words: string, isFirst: boolean, isLast: boolean): string {
  const begun = isFirst ? words.replace(/^\s*\n/, "").replace(/^ (?=\S)/, "") : words;
  return isLast ? begun.trimEnd() : begun;
}

function hintOf({ isHidden, isShared }: Piece): string | undefined {
  if (isHidden) return "A reader of the document does not see this text. It is not indexed.";
  return isShared ? "The next chunk repeats this text." : undefined;
}

function lookOf({ kind, isHidden, isShared }: Piece, isMarked: boolean): string {
  const looks = [
    kind === "heading" && "font-semibold",
    (kind === "code" || kind === "table" || kind === "row") && "font-mono text-sm",
    kind === "quote" && "italic",
    isHidden && "text-muted line-through",
    isShared && "underline decoration-line-strong decoration-dotted underline-offset-4",
    isShared && isMarked && "bg-accent-soft",
  ];
  return looks.filter(Boolean).join(" ");
}
