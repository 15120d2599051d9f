import { Download } from "lucide-react";
import { Button } from "../../components/button.tsx";
import { CopyButton } from "../../components/copy-button.tsx";
import { formatBytes, formatCount } from "../../components/format.ts";
import { Markdown } from "../../components/markdown.tsx";
import { Section } from "../../components/page.tsx";
import { saveFile } from "../../components/save-file.ts";
import { ErrorState, Skeleton } from "../../components/states.tsx";
import { LineageLink } from "../lineage/index.ts";
import { useProject } from "../session/index.ts";
import { BesideBase } from "./beside-base.tsx";
import { EditTags } from "./edit-tags.tsx";
import { EditText } from "./edit-text.tsx";
import { FilesTab } from "./files-tab.tsx";
import type { TabName } from "./registry-search.ts";
import { ReleaseTab } from "./release-tab.tsx";
import { type Lineage, type Place, useCard, useLineage, useVersion, type Version } from "./use-registry.ts";
import { useModelChanges } from "./use-registry-changes.ts";

/** One version: what it is, how far it is let, its files, what it came from, its card. */
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
    ["Kept by", version.remote && `${version.remote.connection}, as ${version.remote.model}`],
    ["Architecture", facts.architecture],
    ["Parameters", facts.parameters === null ? null : formatCount(facts.parameters)],
    ["Quantisation", facts.quantisation],
    ["Context", facts.contextTokens === null ? null : `${formatCount(facts.contextTokens)} tokens`],
    ["LoRA", facts.alpha === null ? null : `alpha ${facts.alpha}${facts.rank === null ? "" : `, rank ${facts.rank}`}`],
    ["Base", version.base?.ref ?? null],
    ["Made from", version.runId ?? version.source],
    ["Made by", version.createdBy],
    ["Size", formatBytes(version.sizeBytes)],
    ["License", licenseOf(version)],
    ["Stage", version.stage],
    ["SHA-256", version.sha256.slice(0, 16)],
  ];
  return (
    <>
      <Section
        title={`Version ${version.version}`}
        action={<LineageLink of={{ model: version.name, version: String(version.version) }} />}
        description={
          version.canServe ? `Requests name it as ${version.name}@v${version.version}.` : (version.whyNot ?? "")
        }
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
      <BesideBase version={version} />
      <Words key={version.versionId} version={version} />
    </>
  );
}

function licenseOf({ license, licenseFrom }: Version): string {
  return licenseFrom?.base ? `${license}, of the base ${licenseFrom.base}` : (license ?? "unknown");
}

/** What people wrote of a version. */
function Words({ version }: { version: Version }) {
  const { can } = useProject();
  const { changeVersion } = useModelChanges();
  const place = { name: version.name, version: String(version.version) };
  const canEdit = can("models:write");
  return (
    <Section title="What people wrote" description="It stands in the card too.">
      <div className="flex flex-col gap-4 px-4 pb-4">
        <EditTags
          tags={version.tags}
          canEdit={canEdit}
          save={(tags) => changeVersion.mutateAsync({ ...place, tags })}
        />
        <EditText
          label="Notes"
          text={version.notes}
          empty="Nobody wrote anything of it yet."
          maxLength={20_000}
          canEdit={canEdit}
          save={(notes) => changeVersion.mutateAsync({ ...place, notes })}
        />
        <EditText
          label="Limits"
          text={version.limits}
          empty="Nobody wrote down what it is not for."
          maxLength={20_000}
          canEdit={canEdit}
          save={(limits) => changeVersion.mutateAsync({ ...place, limits })}
        />
        <EditText
          label="License"
          text={version.license ?? ""}
          empty="Unknown. Find out before it is used."
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

/** Every step from the data to the answers, in words that a screen reader can follow. */
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
    <Section title="Lineage" description="What this version came from, and what uses it.">
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
      description="Made from what is known of the version; what nobody knows it says."
      action={
        <>
          <CopyButton text={markdown} label="Copy the card as Markdown" />
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
