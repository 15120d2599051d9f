import { Link } from "@tanstack/react-router";
import type { QualityReport } from "@treadle/contract";
import { TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { formatBytes, formatCount, formatPercent } from "../../components/format.ts";
import { Section } from "../../components/page.tsx";
import { wordsOf } from "../../components/schema-fields.ts";
import { refWords } from "./dataset-search.ts";
import { DistributionFigure } from "./distribution-figure.tsx";
import { ShareBars } from "./share-bars.tsx";
import { TokenTable } from "./token-table.tsx";

type ViewProps = { report: QualityReport; datasetId: string; version: string };

/** A report as a page: what to look at first, then every part of it. */
export function ReportView({ report, datasetId, version }: ViewProps) {
  return (
    <div className="flex flex-col gap-4">
      <Summary report={report} version={version} />
      <Warnings warnings={report.warnings} />
      <div className="-mb-4 gap-4 *:mb-4 *:break-inside-avoid lg:columns-2">
        <Lengths report={report} />
        <Duplicates report={report} />
        <What report={report} />
        <Labels report={report} />
        <Safety report={report} />
        <Rules report={report} />
        <Leaks report={report} datasetId={datasetId} />
      </div>
      <TokenTable tokens={report.tokens} epochs={report.epochs} />
    </div>
  );
}

function Summary({ report, version }: { report: QualityReport; version: string }) {
  const { rows, bytes, duplicates, privacy, missing } = report;
  const facts = [
    { label: "Items", value: formatCount(rows), note: `of ${refWords(version)}` },
    { label: "Size", value: formatBytes(bytes), note: "as JSON" },
    {
      label: "Exact duplicates",
      value: formatPercent(duplicates.exactShare),
      note: formatCount(duplicates.exactRows),
      isTold: duplicates.exactRows > 0,
    },
    {
      label: "Near-duplicates",
      value: duplicates.near ? formatPercent(duplicates.near.share) : "–",
      note: duplicates.near ? formatCount(duplicates.near.rows) : "not looked for",
      isTold: (duplicates.near?.rows ?? 0) > 0,
    },
    {
      label: "With personal data",
      value: rows === 0 ? "–" : formatPercent(privacy.rows / rows),
      note: formatCount(privacy.rows),
      isTold: privacy.rows > 0,
    },
    {
      label: "Without an answer",
      value: rows === 0 ? "–" : formatPercent(missing.expected / rows),
      note: formatCount(missing.expected),
    },
  ];
  return (
    <dl aria-label="Summary" className="card grid grid-cols-6 max-lg:grid-cols-3 max-sm:grid-cols-2">
      {facts.map(({ label, value, note, isTold }) => (
        <div key={label} className="px-4 py-3">
          <dt className="text-xs text-muted">{label}</dt>
          <dd>
            <span className={`num text-xl font-semibold tracking-tight ${isTold ? "text-warn" : ""}`}>{value}</span>
            <span className="num block text-xs text-muted">{note}</span>
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Warnings({ warnings }: { warnings: readonly string[] }) {
  if (warnings.length === 0)
    return (
      <p className="rounded-card border border-line bg-panel px-4 py-3 text-good">
        Nothing stands out that a person should look at first.
      </p>
    );
  return (
    <section aria-label="Look at these first" className="rounded-card border border-line bg-warn-soft px-4 py-3">
      <h2 className="flex items-center gap-2 font-semibold">
        <TriangleAlert aria-hidden size={14} className="text-warn" /> Look at these first
      </h2>
      <ul className="mt-1 list-disc pl-6">
        {warnings.map((warning) => (
          <li key={warning} className="text-pretty">
            {warning}
          </li>
        ))}
      </ul>
    </section>
  );
}

const Part = ({ title, note, children }: { title: string; note?: ReactNode; children: ReactNode }) => (
  <Section title={title} description={note}>
    <div className="flex flex-col gap-3 px-4 pb-4">{children}</div>
  </Section>
);

function Lengths({ report: { lengths } }: { report: QualityReport }) {
  return (
    <Part title="Lengths">
      <DistributionFigure label="Input, characters" distribution={lengths.inputCharacters} />
      <DistributionFigure label="Expected, characters" distribution={lengths.expectedCharacters} />
      {lengths.turns && <DistributionFigure label="Messages of a conversation" distribution={lengths.turns} />}
      {lengths.tokensByRole.map(({ role, tokens }) => (
        <DistributionFigure key={role} label={`Tokens of ${role}`} distribution={tokens} isShort />
      ))}
    </Part>
  );
}

function Duplicates({ report: { duplicates, rows } }: { report: QualityReport }) {
  const { exactRows, sameInputOtherExpected, near } = duplicates;
  return (
    <Part
      title="Duplicates"
      note={
        near ? `Near-duplicates share at least ${formatPercent(near.threshold)} of their word sequences.` : undefined
      }
    >
      <ShareBars
        label="Items another one repeats"
        total={rows}
        tone="warn"
        parts={[
          { name: "the same text", rows: exactRows },
          ...(near ? [{ name: `nearly the same, in ${formatCount(near.clusters)} clusters`, rows: near.rows }] : []),
          { name: "the same input with another answer", rows: sameInputOtherExpected },
        ]}
      />
    </Part>
  );
}

function What({ report: { shapes, splits, sources, languages, rows } }: { report: QualityReport }) {
  return (
    <Part title="What it holds">
      <ShareBars label="Shapes" parts={shapes} total={rows} />
      <ShareBars label="Splits" parts={splits} total={rows} />
      <ShareBars label="Languages" parts={languages} total={rows} />
      <ShareBars label="Sources" parts={sources} total={rows} />
    </Part>
  );
}

function Labels({ report: { labels, rows } }: { report: QualityReport }) {
  if (!labels) return null;
  return (
    <Part
      title="Balance of labels"
      note={`${formatCount(labels.classCount)} classes in ${labels.field}; the largest has ${labels.largestToSmallest.toPrecision(3)} times the smallest. Balance ${labels.entropy.toFixed(2)} of 1.`}
    >
      <ShareBars label="Classes" parts={labels.classes} total={rows} most={14} />
    </Part>
  );
}

function Safety({ report: { privacy, toxicity, rows } }: { report: QualityReport }) {
  return (
    <Part title="Personal data, secrets and toxicity">
      {privacy.kinds.length === 0 ? (
        <p className="text-muted">No personal data or secret was found.</p>
      ) : (
        <ShareBars
          label="Items with personal data or secrets"
          tone="warn"
          total={rows}
          parts={privacy.kinds.map(({ kind, rows: count }) => ({ name: wordsOf(kind), rows: count }))}
        />
      )}
      {toxicity.kinds.length === 0 ? (
        <p className="text-muted">Nothing toxic or profane was found.</p>
      ) : (
        <ShareBars
          label="Items with toxic or profane words"
          tone="warn"
          total={rows}
          parts={toxicity.kinds.map(({ kind, rows: count }) => ({ name: wordsOf(kind), rows: count }))}
        />
      )}
    </Part>
  );
}

function Rules({ report: { quality, rows } }: { report: QualityReport }) {
  const broken = quality.filter((rule) => rule.rows > 0).sort((a, b) => b.rows - a.rows);
  return (
    <Part
      title="Rules of quality"
      note="Items that each rule would remove; a chat breaks rules that are meant for web pages."
    >
      {broken.length === 0 ? (
        <p className="text-muted">Every item keeps to every rule.</p>
      ) : (
        <ShareBars
          label="Rules"
          total={rows}
          most={12}
          parts={broken.map(({ rule, rows: count }) => ({ name: wordsOf(rule), rows: count }))}
        />
      )}
    </Part>
  );
}

/** How well words tell the splits apart, with what the number means. */
function SplitAlikeness({ splitAuc = [] }: Pick<QualityReport, "splitAuc">) {
  if (splitAuc.length === 0) return null;
  return (
    <div className="flex flex-col gap-1">
      <h4 className="text-xs font-medium text-muted">Told apart by their words</h4>
      <ul>
        {splitAuc.map(({ from, to, auc, low, high, rows }) => (
          <li key={to} className="flex justify-between gap-3">
            <span className="truncate">
              {from} and {to}
            </span>
            <span className="num whitespace-nowrap" title={`${formatCount(rows)} items compared`}>
              <span className={low > UNLIKE_AUC ? "text-warn" : ""}>
                {auc.toFixed(2)} {low > UNLIKE_AUC ? "unlike" : low > 0.5 ? "nearly alike" : "alike"}
              </span>{" "}
              <span className="text-muted">
                ({low.toFixed(2)} to {high.toFixed(2)})
              </span>
            </span>
          </li>
        ))}
      </ul>
      <p className="text-xs text-muted text-pretty">
        How often a simple classifier tells an item of one from one of the other: 0.5 is a coin toss, 1 is always. The
        interval holds it in 95 of 100 samples.
      </p>
    </div>
  );
}
/** As the server's warning has it. */
const UNLIKE_AUC = 0.65;

function Leaks({
  report: { contamination, leaks, splitAuc, rows },
  datasetId,
}: {
  report: QualityReport;
  datasetId: string;
}) {
  const found = contamination.filter((one) => one.rows > 0);
  const pairs = leaks?.splitPairs.filter((pair) => pair.rows > 0) ?? [];
  return (
    <Part title="Contamination and leaks">
      {contamination.length === 0 ? (
        <p className="text-muted">No dataset of the project is marked as evaluation.</p>
      ) : found.length === 0 ? (
        <p className="text-good">
          {formatCount(contamination.length)} evaluation{" "}
          {contamination.length === 1 ? "dataset shares" : "datasets share"} no item with this one.
        </p>
      ) : (
        <ul>
          {found.map(({ datasetId: other, name, rows: count, share }) => (
            <li key={other} className="flex justify-between gap-3">
              <Link to="/datasets/$datasetId" params={{ datasetId: other }} className="truncate hover:underline">
                {name}
              </Link>
              <span className="num whitespace-nowrap text-warn">
                {formatCount(count)} items, {formatPercent(share)}
              </span>
            </li>
          ))}
        </ul>
      )}
      {leaks === null ? (
        <p className="text-muted">It has no splits that could leak into each other.</p>
      ) : pairs.length === 0 ? (
        <p className="text-good">No text is in two splits.</p>
      ) : (
        <ShareBars
          label="Texts in two splits"
          tone="warn"
          total={rows}
          parts={pairs.map(({ from, to, rows: count }) => ({ name: `${from} and ${to}`, rows: count }))}
        />
      )}
      <SplitAlikeness splitAuc={splitAuc} />
      {(found.length > 0 || pairs.length > 0) && (
        <Link
          data-print="hide"
          to="/datasets/$datasetId/curate"
          params={{ datasetId }}
          className="self-start text-accent hover:underline"
        >
          Remove them in a step of curation
        </Link>
      )}
    </Part>
  );
}
