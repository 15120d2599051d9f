import { Link } from "@tanstack/react-router";
import type { QualityReport } from "@treadle/contract";
import { TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { wordsOf } from "../../../../components/form/schema-fields.ts";
import { Section } from "../../../../components/layout/page.tsx";
import { formatBytes, formatCount, formatNumberOf, formatPercent } from "../../../../components/text/format.ts";
import { refWords } from "../shared/dataset-search.ts";
import { ShareBars } from "../shared/share-bars.tsx";
import { DistributionFigure } from "./distribution-figure.tsx";
import { TokenTable } from "./token-table.tsx";

type ViewProps = { report: QualityReport; datasetId: string; version: string };

/** A report as a page: the findings first, then every section. */
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
      note: duplicates.near ? formatCount(duplicates.near.rows) : "not checked",
      isTold: (duplicates.near?.rows ?? 0) > 0,
    },
    {
      label: "Personal data",
      value: rows === 0 ? "–" : formatPercent(privacy.rows / rows),
      note: formatCount(privacy.rows),
      isTold: privacy.rows > 0,
    },
    {
      label: "Without answer",
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
      <p className="rounded-card border border-line bg-panel px-4 py-3 text-good">No findings that need attention.</p>
    );
  return (
    <section aria-label="Findings" className="rounded-card border border-line bg-warn-soft px-4 py-3">
      <h2 className="flex items-center gap-2 font-semibold">
        <TriangleAlert aria-hidden size={14} className="text-warn" /> Findings
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
      <DistributionFigure label="Input (characters)" distribution={lengths.inputCharacters} />
      <DistributionFigure label="Expected (characters)" distribution={lengths.expectedCharacters} />
      {lengths.turns && <DistributionFigure label="Messages per conversation" distribution={lengths.turns} />}
      {lengths.tokensByRole.map(({ role, tokens }) => (
        <DistributionFigure key={role} label={`Tokens of ${role}`} distribution={tokens} isShort />
      ))}
    </Part>
  );
}

type NearRule = NonNullable<NonNullable<QualityReport["duplicates"]["near"]>["rules"]>[number];
const sentenceOf = ({ unit, size, threshold, rows }: NearRule) =>
  `Compared ${formatNumberOf(rows, "text")} by sequences of ${size} ${unit}s. Near-duplicates share at least ${formatPercent(threshold)} of them.`;

function Duplicates({ report: { duplicates, rows } }: { report: QualityReport }) {
  const { exactRows, sameInputOtherExpected, near } = duplicates;
  return (
    <Part title="Duplicates" note={near?.rules?.map(sentenceOf).join(" ")}>
      <ShareBars
        label="Repeated items"
        total={rows}
        tone="warn"
        parts={[
          { name: "same text", rows: exactRows },
          ...(near
            ? [{ name: `nearly the same text, in ${formatCount(near.clusters)} clusters`, rows: near.rows }]
            : []),
          { name: "same input, different answer", rows: sameInputOtherExpected },
        ]}
      />
    </Part>
  );
}

function What({ report: { shapes, splits, sources, languages, rows } }: { report: QualityReport }) {
  return (
    <Part title="Composition">
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
      title="Label balance"
      note={`${formatCount(labels.classCount)} classes in ${labels.field}. The largest class has ${labels.largestToSmallest.toPrecision(3)} times as many items as the smallest. Balance: ${labels.entropy.toFixed(2)} of 1.`}
    >
      <ShareBars label="Classes" parts={labels.classes} total={rows} most={14} />
    </Part>
  );
}

function Safety({ report: { privacy, toxicity, rows } }: { report: QualityReport }) {
  return (
    <Part title="Personal data, secrets and toxicity">
      {privacy.kinds.length === 0 ? (
        <p className="text-muted">No personal data or secrets found.</p>
      ) : (
        <ShareBars
          label="Items with personal data or secrets"
          tone="warn"
          total={rows}
          parts={privacy.kinds.map(({ kind, rows: count }) => ({ name: wordsOf(kind), rows: count }))}
        />
      )}
      {toxicity.kinds.length === 0 ? (
        <p className="text-muted">No toxic or profane text found.</p>
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
      title="Quality rules"
      note="The items that each rule would remove. Chats often break rules made for web pages."
    >
      {broken.length === 0 ? (
        <p className="text-muted">All items pass all rules.</p>
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

/** How well a classifier can distinguish the splits by their words. */
function SplitAlikeness({ splitAuc = [] }: Pick<QualityReport, "splitAuc">) {
  if (splitAuc.length === 0) return null;
  return (
    <div className="flex flex-col gap-1">
      <h4 className="text-xs font-medium text-muted">Split similarity</h4>
      <ul>
        {splitAuc.map(({ from, to, auc, low, high, rows }) => (
          <li key={to} className="flex justify-between gap-3">
            <span className="truncate">
              {from} and {to}
            </span>
            <span className="num whitespace-nowrap" title={`${formatCount(rows)} items compared`}>
              <span className={low > UNLIKE_AUC ? "text-warn" : ""}>
                {auc.toFixed(2)} {low > UNLIKE_AUC ? "different" : low > 0.5 ? "nearly similar" : "similar"}
              </span>{" "}
              <span className="text-muted">
                ({low.toFixed(2)} to {high.toFixed(2)})
              </span>
            </span>
          </li>
        ))}
      </ul>
      <p className="text-xs text-muted text-pretty">
        How well a simple classifier can distinguish the splits (AUC). 0.5 means that they look the same, and 1 means
        that they are completely different. The range is the 95% interval.
      </p>
    </div>
  );
}
/** The same limit as in the server's warning. */
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
        <p className="text-muted">The project has no evaluation datasets.</p>
      ) : found.length === 0 ? (
        <p className="text-good">
          {formatCount(contamination.length)} evaluation{" "}
          {contamination.length === 1 ? "dataset shares" : "datasets share"} no items with this one.
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
        <p className="text-muted">No splits to check for leaks.</p>
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
          Remove with curation
        </Link>
      )}
    </Part>
  );
}
