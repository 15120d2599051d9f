import { Download } from "lucide-react";
import { saveFile } from "../../../../components/browser/save-file.ts";
import { Markdown } from "../../../../components/content/markdown.tsx";
import { CopyButton } from "../../../../components/feedback/copy-button.tsx";
import { ErrorState, Skeleton } from "../../../../components/feedback/states.tsx";
import { Button } from "../../../../components/form/button.tsx";
import { Section } from "../../../../components/layout/page.tsx";
import { formatBytes, formatCount } from "../../../../components/text/format.ts";
import { DeployButton } from "../../../release/deployments/index.ts";
import { useProject } from "../../../system/session/index.ts";
import { LineageLink } from "../../lineage/index.ts";
import { EditTags } from "../shared/edit-tags.tsx";
import { EditText } from "../shared/edit-text.tsx";
import type { TabName } from "../shared/registry-search.ts";
import { type Lineage, type Place, useCard, useLineage, useVersion, type Version } from "../shared/use-registry.ts";
import { useModelChanges } from "../shared/use-registry-changes.ts";
import { BaseComparison } from "./base-comparison.tsx";
import { FilesTab } from "./files-tab.tsx";
import { ReleaseTab } from "./release-tab.tsx";
import { TrainingFacts } from "./training-facts.tsx";

/** One version: overview, release, files, lineage and model card. */
export function VersionView({ place, tab }: { place: Place; tab: TabName }) {
  const version = useVersion(place);
  if (version.error && !version.data) return <ErrorState error={version.error} retry={() => version.refetch()} />;
  if (!version.data) return <Skeleton className="h-64 rounded-card" />;
  if (tab === "Release") return <ReleaseTab version={version.data} />;
  if (tab === "Files") return <FilesTab version={version.data} />;
  if (tab === "Lineage") return <LineageTab place={place} />;
  if (tab === "Card") return <CardTab place={place} />;
  return <Overview version={version.data} />;
}

function Overview({ version }: { version: Version }) {
  const { facts } = version;
  const rows: readonly (readonly [string, string | null])[] = [
    ["Format", version.formats.join(", ")],
    ["Hosted by", version.remote && `${version.remote.connection}, as ${version.remote.model}`],
    ["Architecture", facts.architecture],
    ["Parameters", facts.parameters === null ? null : formatCount(facts.parameters)],
    ["Quantization", facts.quantisation],
    ["Context", facts.contextTokens === null ? null : `${formatCount(facts.contextTokens)} tokens`],
    ["LoRA", facts.alpha === null ? null : `alpha ${facts.alpha}${facts.rank === null ? "" : `, rank ${facts.rank}`}`],
    ["Base", version.base?.ref ?? null],
    ["Source", version.runId ?? version.source],
    ["Created by", version.createdBy],
    ["Size", formatBytes(version.sizeBytes)],
    ["License", licenseOf(version)],
    ["Stage", version.stage],
    ["SHA-256", version.sha256.slice(0, 16)],
  ];
  return (
    <>
      <Section
        title={`Version ${version.version}`}
        action={
          <>
            <LineageLink of={{ model: version.name, version: String(version.version) }} />
            <DeployButton model={version.name} version={version.version} />
          </>
        }
        description={version.canServe ? `Use ${version.name}@v${version.version} in requests.` : (version.whyNot ?? "")}
      >
        <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-1 px-4 pb-4">
          {rows
            .filter(([, value]) => value !== null)
            .map(([name, value]) => (
              <div key={name} className="contents">
                <dt className="text-muted">{name}</dt>
                <dd className="num [overflow-wrap:anywhere]">{value}</dd>
              </div>
            ))}
        </dl>
      </Section>
      <BaseComparison version={version} />
      <TrainingFacts version={version} />
      <Words key={version.versionId} version={version} />
    </>
  );
}

function licenseOf({ license, licenseFrom }: Version): string {
  return licenseFrom?.base ? `${license} (from base ${licenseFrom.base})` : (license ?? "unknown");
}

/** The notes, limits and license of a version. */
function Words({ version }: { version: Version }) {
  const { can } = useProject();
  const { changeVersion } = useModelChanges();
  const place = { name: version.name, version: String(version.version) };
  const canEdit = can("models:write");
  return (
    <Section title="Notes and limits" description="These texts are part of the model card.">
      <div className="flex flex-col gap-4 px-4 pb-4">
        <EditTags
          tags={version.tags}
          canEdit={canEdit}
          save={(tags) => changeVersion.mutateAsync({ ...place, tags })}
        />
        <EditText
          label="Notes"
          text={version.notes}
          empty="No notes yet."
          maxLength={20_000}
          canEdit={canEdit}
          save={(notes) => changeVersion.mutateAsync({ ...place, notes })}
        />
        <EditText
          label="Limits"
          text={version.limits}
          empty="No limits described yet."
          maxLength={20_000}
          canEdit={canEdit}
          save={(limits) => changeVersion.mutateAsync({ ...place, limits })}
        />
        <EditText
          label="License"
          text={version.license ?? ""}
          empty="Unknown. Check the license before you use this model."
          maxLength={120}
          canEdit={canEdit}
          save={(license) => changeVersion.mutateAsync({ ...place, license: license.trim() || null })}
        />
      </div>
    </Section>
  );
}

function LineageTab({ place }: { place: Place }) {
  const lineage = useLineage(place);
  if (lineage.error && !lineage.data) return <ErrorState error={lineage.error} retry={() => lineage.refetch()} />;
  return lineage.data ? <Edges lineage={lineage.data} /> : <Skeleton className="h-40 rounded-card" />;
}

/** Every step from data to answers, as a list for screen readers. */
function Edges({ lineage: { nodes, edges } }: { lineage: Lineage }) {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const chip = (id: string) => {
    const node = byId.get(id);
    return (
      <span className="rounded-control border border-line px-2 py-1">
        <span className="font-medium">{node?.label}</span> <span className="text-muted">{node?.detail}</span>
      </span>
    );
  };
  return (
    <Section title="Lineage" description="The inputs and the uses of this version.">
      <ul className="flex flex-col gap-3 px-4 pb-4">
        {edges.map(({ from, to, label }) => (
          <li key={`${from} ${to}`} className="flex flex-wrap items-center gap-2">
            {chip(from)} <span className="text-muted">{label} →</span> {chip(to)}
          </li>
        ))}
      </ul>
    </Section>
  );
}

function CardTab({ place }: { place: Place }) {
  const card = useCard(place);
  if (card.error && !card.data) return <ErrorState error={card.error} retry={() => card.refetch()} />;
  if (!card.data) return <Skeleton className="h-64 rounded-card" />;
  const { markdown } = card.data;
  return (
    <Section
      title="Model card"
      description="Generated from the recorded facts. The card also lists what is unknown."
      action={
        <>
          <CopyButton text={markdown} label="Copy card as Markdown" />
          <Button size="small" onClick={() => saveFile("README.md", markdown, "text/markdown")}>
            <Download aria-hidden size={13} /> README.md
          </Button>
        </>
      }
    >
      <div className="overflow-x-auto border-line border-t px-4 py-3">
        <Markdown text={markdown.replace(/^---\n[\s\S]*?\n---\n/, "")} />
      </div>
    </Section>
  );
}
