import { Link } from "@tanstack/react-router";
import { TrendingUp } from "lucide-react";
import { JsonView } from "../../../../components/content/json-tree.tsx";
import { CopyButton } from "../../../../components/feedback/copy-button.tsx";
import { ErrorState, Skeleton } from "../../../../components/feedback/states.tsx";
import { Section } from "../../../../components/layout/page.tsx";
import { AgoCell } from "../../../../components/table/cells.tsx";
import { FoldedText } from "../../../../components/text/folded-text.tsx";
import { VersionLabels } from "../shared/label-chip.tsx";
import { contentOfVersion } from "../shared/prompt-draft.ts";
import { type Prompt, type PromptVersion, useOrigin, useVersion } from "../shared/use-prompts.ts";
import { PreviewPanel } from "./preview-panel.tsx";

/** One version as it was written, and what it makes of inputs. */
export function VersionView({ prompt, version }: { prompt: Prompt; version: number }) {
  const { data, error, refetch } = useVersion(prompt.name, version);
  if (!data)
    return error ? (
      <ErrorState error={error} retry={() => refetch()} title={`Version ${version} could not be loaded`} />
    ) : (
      <Skeleton className="h-80 w-full" />
    );
  return (
    <div className="grid gap-4 xl:grid-cols-[minmax(0,1fr)_22rem]">
      <div className="flex min-w-0 flex-col gap-4">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <span className="num font-medium">Version {version}</span>
          <VersionLabels prompt={prompt} version={version} />
          <span className="text-muted">
            {data.author}, <AgoCell iso={data.createdAt} />
          </span>
          {data.message && <span className="basis-full [overflow-wrap:anywhere]">{data.message}</span>}
          <Origin name={prompt.name} version={version} />
        </p>
        <Texts version={data} />
        <Settings version={data} />
      </div>
      <PreviewPanel key={version} draftKey={prompt.name} content={contentOfVersion(data)} />
    </div>
  );
}

/** Where a version came from that a search found. */
function Origin({ name, version }: { name: string; version: number }) {
  const { data } = useOrigin(name, version);
  if (!data) return null;
  return (
    <span className="inline-flex basis-full items-center gap-1.5">
      <TrendingUp aria-hidden size={13} className="text-muted" />
      <span>
        Created by the optimisation{" "}
        <Link
          to="/optimisations/$optimisationId"
          params={{ optimisationId: data.optimisationId }}
          search={{ tab: "candidates", candidate: String(data.candidate) }}
          className="underline underline-offset-2"
        >
          {data.found.name}, candidate {data.candidate}
        </Link>
        {data.found.verdict && ` (final test: ${data.found.verdict})`}
      </span>
    </span>
  );
}

function Texts({ version }: { version: PromptVersion }) {
  if (version.type === "text") return <TextCard who="text" content={version.template} />;
  return (
    <ol aria-label="Messages" className="flex flex-col gap-2">
      {version.messages.map((message, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the messages of a version never move.
        <li key={at}>
          {"placeholder" in message ? (
            <p className="rounded-card border border-line-strong border-dashed px-3 py-2 text-muted">
              The messages of <code className="text-text">{message.placeholder}</code> go here
            </p>
          ) : (
            <TextCard who={message.role} content={message.content} />
          )}
        </li>
      ))}
    </ol>
  );
}

function TextCard({ who, content }: { who: string; content: string }) {
  return (
    <div className="card px-3 py-2">
      <p className="flex items-center justify-between text-xs text-muted">
        {who}
        <CopyButton text={content} label={`Copy ${who === "text" ? "text" : `${who} message`}`} />
      </p>
      {content === "" ? <p className="text-muted italic">empty</p> : <FoldedText text={content} />}
    </div>
  );
}

/** The settings that apply to a call in addition to the text; empty without settings. */
function Settings({ version }: { version: PromptVersion }) {
  const { model, format, parameters, inputs, tools, responseFormat } = version;
  const facts = Object.entries(parameters).map(([name, value]) => [name, JSON.stringify(value)] as const);
  return (
    <Section title="Settings">
      <dl className="grid grid-cols-[8rem_minmax(0,1fr)] gap-x-4 gap-y-2 px-4 pb-4 max-sm:grid-cols-[6rem_minmax(0,1fr)]">
        <Fact label="Model">
          {model ? <code className="text-xs">{model}</code> : <span className="text-muted">from the call</span>}
        </Fact>
        {facts.map(([name, value]) => (
          <Fact key={name} label={name}>
            <code className="num text-xs">{value}</code>
          </Fact>
        ))}
        <Fact label="Templates">{FORMAT_NAMES[format]}</Fact>
        <Fact label="Inputs">
          {inputs ? <JsonView value={inputs} label="Inputs" /> : <span className="text-muted">any inputs</span>}
        </Fact>
        {tools.length > 0 && (
          <Fact label="Tools">
            <JsonView value={tools} label="Tools" />
          </Fact>
        )}
        {responseFormat && (
          <Fact label="Answer as">
            <JsonView value={responseFormat} label="Answer as" />
          </Fact>
        )}
      </dl>
    </Section>
  );
}

export const FORMAT_NAMES = { mustache: "Mustache", liquid: "Liquid", jinja: "Jinja" } as const;

function Fact({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <>
      <dt className="break-words text-muted [overflow-wrap:anywhere]">{label}</dt>
      <dd className="min-w-0 [overflow-wrap:anywhere]">{children}</dd>
    </>
  );
}
