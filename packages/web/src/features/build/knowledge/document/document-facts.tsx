import { CopyButton } from "../../../../components/feedback/copy-button.tsx";
import { formatBytes, formatCount, formatNumberOf, formatTime } from "../../../../components/text/format.ts";
import { accessWords } from "../shared/access.ts";
import type { DocumentText, KnowledgeDocument } from "../shared/use-documents.ts";

const MOST_SHOWN = 10;
const MOST_QUOTED = 400;

type FactsProps = { document: KnowledgeDocument; text: DocumentText | undefined };

/** What is known of a document, and the warnings of its parser. */
export function DocumentFacts({ document, text }: FactsProps) {
  const { contentHash, warnings, findings, metadata, principals } = document;
  return (
    <div className="flex flex-col gap-3">
      <dl className="flex flex-wrap gap-x-6 gap-y-2">
        {factsOf(document, text).map(([name, value]) => (
          <Fact key={name} name={name} value={value} />
        ))}
        <Fact name="Who finds it" value={accessWords(principals)} hint={principals.join(", ")} />
        {Object.entries(metadata).map(([name, value]) => (
          <Fact key={`metadata ${name}`} name={name} value={String(value)} />
        ))}
        <HashFact hash={contentHash} />
      </dl>
      {warnings.length > 0 && <Warnings warnings={warnings} />}
      {findings.length > 0 && text && <Findings findings={findings} text={text.text} />}
    </div>
  );
}

const HashFact = ({ hash }: { hash: string }) => (
  <div className="min-w-0">
    <dt className="text-xs text-muted">SHA-256</dt>
    <dd className="flex items-center gap-1">
      <code className="text-xs" title={hash}>
        {hash.slice(0, 12)}
      </code>
      <CopyButton text={hash} label="Copy SHA-256" />
    </dd>
  </div>
);

const Warnings = ({ warnings }: { warnings: readonly string[] }) => (
  <ul aria-label="Warnings" className="flex flex-col gap-1 rounded-control bg-warn-soft px-3 py-2">
    {warnings.map((warning) => (
      <li key={warning} className="[overflow-wrap:anywhere]">
        {warning}
      </li>
    ))}
  </ul>
);

type FindingsProps = { findings: KnowledgeDocument["findings"]; text: string };

/** The places that the checks found, the most suspicious first. */
const Findings = ({ findings, text }: FindingsProps) => (
  <section aria-label="What the checks found" className="flex flex-col gap-1">
    <h2 className="font-semibold">What the checks found</h2>
    <ul className="flex flex-col gap-2">
      {findings
        .toSorted((one, other) => other.score - one.score)
        .slice(0, MOST_SHOWN)
        .map(({ detector, kind, score, start, end, page }) => (
          <li key={`${detector} ${kind} ${start}`} className="border-l-2 border-warn pl-3">
            <blockquote className="[overflow-wrap:anywhere]">{excerptOf(text, start, end)}</blockquote>
            <p className="num text-xs text-muted">
              {[
                kind === detector ? kind : `${detector}: ${kind}`,
                `score ${score.toFixed(2)}`,
                page !== null && `page ${page}`,
              ]
                .filter(Boolean)
                .join(" · ")}
            </p>
          </li>
        ))}
    </ul>
    {findings.length > MOST_SHOWN && <p className="text-muted">{findings.length - MOST_SHOWN} more places</p>}
  </section>
);

const excerptOf = (text: string, start: number, end: number): string => {
  const cut = text.slice(start, Math.min(end, start + MOST_QUOTED)).trim();
  return end - start > MOST_QUOTED ? `${cut} …` : cut;
};

const Fact = ({ name, value, hint }: { name: string; value: string; hint?: string }) => (
  <div className="min-w-0">
    <dt className="text-xs text-muted">{name}</dt>
    <dd className="num [overflow-wrap:anywhere]" title={hint}>
      {value}
    </dd>
  </div>
);

function factsOf(document: KnowledgeDocument, text: DocumentText | undefined): readonly (readonly [string, string])[] {
  const { format, pages, characters, language, sizeBytes, updatedAt } = document;
  const facts = [
    ["Format", format],
    ["Size", formatBytes(sizeBytes)],
    ["Pages", pages === null ? null : formatCount(pages)],
    ["Characters", characters === null ? null : formatCount(characters)],
    ["Language", language === null ? null : languageWord(language)],
    ["Chunks", text && (text.version === null ? "none" : chunkWords(text.chunks.length, text.version))],
    ["Updated", formatTime(updatedAt)],
  ] as const;
  return facts.flatMap(([name, value]) => (value ? [[name, value] as const] : []));
}

const chunkWords = (count: number, version: number) => `${formatNumberOf(count, "chunk")} in version ${version}`;

const names = new Intl.DisplayNames("en", { type: "language" });

/** The English name of a language code. A code that Intl does not accept is shown as it is. */
function languageWord(code: string): string {
  try {
    return names.of(code) ?? code;
  } catch {
    return code;
  }
}
