import { MODEL_STAGES } from "@treadle/contract";
import { useState } from "react";
import { Button } from "../../components/button.tsx";
import { Field, Select, TextInput } from "../../components/field.tsx";
import { formatBytes, formatCount } from "../../components/format.ts";
import { Markdown } from "../../components/markdown.tsx";
import { Section } from "../../components/page.tsx";
import { PlainTable } from "../../components/plain-table.tsx";
import { ErrorState, Skeleton } from "../../components/states.tsx";
import { LineageLink } from "../lineage/index.ts";
import { useProject } from "../session/index.ts";
import { BesideBase } from "./beside-base.tsx";
import type { TabName } from "./registry-search.ts";
import { type Lineage, useCard, useLineage, useRegistryChanges, useVersion, type Version } from "./use-registry.ts";

type Place = { name: string; version: string };

/** One version: what it is, its files, what it came from, its card. */
export function VersionView({ place, tab }: { place: Place; tab: TabName }) {
  const version = useVersion(place);
  if (version.error && !version.data) return <ErrorState error={version.error} retry={() => version.refetch()} />;
  if (!version.data) return <Skeleton className="h-64 rounded-card" />;
  if (tab === "Files") return <Files version={version.data} />;
  if (tab === "Lineage") return <LineageTab place={place} />;
  if (tab === "Card") return <CardTab place={place} />;
  return <Overview version={version.data} />;
}

function Overview({ version }: { version: Version }) {
  const { can } = useProject();
  const { facts } = version;
  const rows: readonly (readonly [string, string | null])[] = [
    ["Format", version.formats.join(", ")],
    ["Architecture", facts.architecture],
    ["Parameters", facts.parameters === null ? null : formatCount(facts.parameters)],
    ["Quantisation", facts.quantisation],
    ["Context", facts.contextTokens === null ? null : `${formatCount(facts.contextTokens)} tokens`],
    ["LoRA", facts.alpha === null ? null : `alpha ${facts.alpha}${facts.rank === null ? "" : `, rank ${facts.rank}`}`],
    ["Base", version.base?.ref ?? null],
    ["Made by", version.runId ?? version.source],
    ["License", version.license ?? "unknown"],
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
      {can("models:write") && <Changes version={version} />}
    </>
  );
}

function Changes({ version }: { version: Version }) {
  const { move, stage, decide } = useRegistryChanges();
  const [alias, setAlias] = useState("production");
  const place = { name: version.name, version: String(version.version) };
  const { pending } = version;
  return (
    <Section title="Release">
      <div className="flex flex-wrap items-end gap-4 px-4 pb-4">
        <Field label="Alias">
          {(field) => (
            <TextInput {...field} value={alias} onChange={(event) => setAlias(event.target.value)} className="w-40" />
          )}
        </Field>
        <Button isBusy={move.isPending} onClick={() => move.mutate({ ...place, alias: alias.trim() })}>
          Point it here
        </Button>
        <Field label="Stage">
          {(field) => (
            <Select
              {...field}
              value={version.stage}
              onChange={(event) => {
                const chosen = MODEL_STAGES.find((one) => one === event.target.value);
                if (chosen) stage.mutate({ ...place, stage: chosen });
              }}
            >
              {MODEL_STAGES.map((one) => (
                <option key={one}>{one}</option>
              ))}
            </Select>
          )}
        </Field>
      </div>
      {pending && (
        <p className="flex flex-wrap items-center gap-2 border-line border-t px-4 py-3">
          {pending.proposedBy} asks for the stage {pending.stage}; a second person decides.
          <Button onClick={() => decide.mutate({ requestId: pending.requestId, decision: "approved" })}>Approve</Button>
          <Button onClick={() => decide.mutate({ requestId: pending.requestId, decision: "rejected" })}>Reject</Button>
        </p>
      )}
    </Section>
  );
}

function Files({ version }: { version: Version }) {
  return (
    <>
      <div className="card overflow-hidden">
        <PlainTable
          label="Files"
          rows={version.files}
          idOf={({ path }) => path}
          columns={[
            { id: "path", header: "File", className: "w-full [overflow-wrap:anywhere]", cell: ({ path }) => path },
            { id: "size", header: "Size", isNumber: true, cell: ({ sizeBytes }) => formatBytes(sizeBytes) },
            {
              id: "sha256",
              header: "SHA-256",
              isWide: true,
              cell: ({ sha256 }) => <code title={sha256}>{sha256.slice(0, 16)}</code>,
            },
          ]}
        />
      </div>
      <Section title="What the scan found">
        <ul className="divide-y divide-line border-line border-t">
          {version.findings.map(({ path, level, message }) => (
            <li key={`${path} ${message}`} className="px-4 py-2 [overflow-wrap:anywhere]">
              <span className="font-medium">{path}</span>{" "}
              <span className="text-muted">
                {level}: {message}
              </span>
            </li>
          ))}
        </ul>
      </Section>
    </>
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
  return (
    <div className="card px-4 py-3">
      <Markdown text={card.data.markdown.replace(/^---\n[\s\S]*?\n---\n/, "")} />
    </div>
  );
}
