import { headingId } from "./chunk-text.tsx";
import type { Heading } from "./text-layout.ts";

/** The headings of a document. Each scrolls to its place in the text. */
export const Outline = ({ headings }: { headings: readonly Heading[] }) => (
  <nav aria-label="Outline">
    <ul className="flex flex-col">
      {headings.map(({ start, level, text }) => (
        <li key={start} style={{ paddingLeft: `${(Math.min(level, 6) - 1) * 12}px` }}>
          <button
            type="button"
            onClick={() => document.getElementById(headingId(start))?.scrollIntoView({ block: "start" })}
            className="w-full rounded-control px-2 py-1 text-left text-muted [overflow-wrap:anywhere] hover:bg-raised hover:text-text"
          >
            {text}
          </button>
        </li>
      ))}
    </ul>
  </nav>
);
