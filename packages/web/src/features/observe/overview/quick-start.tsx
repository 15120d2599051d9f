import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { CodeBlock } from "../../../components/content/code-block.tsx";
import { EmptyState } from "../../../components/feedback/states.tsx";
import { Button, buttonLook } from "../../../components/form/button.tsx";
import { Section } from "../../../components/layout/page.tsx";
import type { RangeSearch } from "../../../components/time/time-range.ts";
import { useProject } from "../../system/session/index.ts";
import { wholeFilter } from "../filter/index.ts";

const MODEL = "smollm2-135m-instruct";
const QUESTION = "What is a treadle?";

const SAMPLES = [
  {
    label: "curl",
    code: (url: string) => `curl ${url}/v1/chat/completions \\
  -H "Authorization: Bearer $TREADLE_API_KEY" \\
  -H "Content-Type: application/json" \\
  -d '{"model": "${MODEL}", "messages": [{"role": "user", "content": "${QUESTION}"}]}'`,
  },
  {
    label: "TypeScript",
    code: (url: string) => `import { env } from "node:process";
import OpenAI from "openai";

const client = new OpenAI({ baseURL: "${url}/v1", apiKey: env.TREADLE_API_KEY });
const answer = await client.chat.completions.create({
  model: "${MODEL}",
  messages: [{ role: "user", content: "${QUESTION}" }],
});
console.log(answer.choices[0].message.content);`,
  },
  {
    label: "Python",
    code: (url: string) => `import os
from openai import OpenAI

client = OpenAI(base_url="${url}/v1", api_key=os.environ["TREADLE_API_KEY"])
answer = client.chat.completions.create(
    model="${MODEL}",
    messages=[{"role": "user", "content": "${QUESTION}"}],
)
print(answer.choices[0].message.content)`,
  },
] as const;

/** What to do when there is no traffic: the first call in three languages, the playground, and the sample project. */
export function QuickStart({ isFiltered, range }: { isFiltered: boolean; range: RangeSearch }) {
  const navigate = useNavigate();
  const project = useProject();
  if (isFiltered) {
    return (
      <EmptyState
        title="No matching calls in this time range"
        action={
          <Button onClick={() => void navigate({ to: "/", search: { ...range, ...wholeFilter({}) } })}>
            Clear filters
          </Button>
        }
      >
        Remove a filter or choose a longer time range.
      </EmptyState>
    );
  }
  if (project.isSample) {
    return (
      <EmptyState
        title="The sample calls are older"
        action={
          <Button onClick={() => void navigate({ to: "/", search: { range: "90d" } })}>Show the last 90 days</Button>
        }
      >
        They were created when this server first started.
      </EmptyState>
    );
  }
  const sample = project.projects.find((candidate) => candidate.isSample && candidate.projectId !== project.id);
  function openSample(projectId: string) {
    void navigate({ to: "/", search: { project: projectId, range: "7d" } });
  }
  return (
    <div className="grid grid-cols-[minmax(0,1fr)_20rem] items-start gap-4 max-lg:grid-cols-1">
      <Section
        title="Make the first call"
        description="There are no calls in this time range. Treadle answers, prices and records each call to this URL."
      >
        <Samples />
      </Section>
      <div className="flex flex-col gap-4">
        {sample && (
          <Section title="Explore the sample project">
            <div className="flex flex-col items-start gap-3 px-4 pb-4">
              <p className="text-muted text-pretty">
                The sample project has a week of generated calls, so you can see every page with data.
              </p>
              <Button kind="primary" onClick={() => openSample(sample.projectId)}>
                Open the sample project
              </Button>
            </div>
          </Section>
        )}
        <Section title="Other ways to start">
          <div className="flex flex-wrap gap-2 px-4 pb-4">
            {project.can("gateway:use") && (
              <Link to="/playground" className={buttonLook("plain")}>
                Playground
              </Link>
            )}
            <Link to="/settings" className={buttonLook("plain")}>
              API keys
            </Link>
            <Link to="/models/providers" className={buttonLook("plain")}>
              Connect a provider
            </Link>
          </div>
        </Section>
      </div>
    </div>
  );
}

function Samples() {
  const [shown, setShown] = useState<(typeof SAMPLES)[number]>(SAMPLES[0]);
  return (
    <>
      <div role="tablist" aria-label="Language" className="flex gap-1 px-4">
        {SAMPLES.map((sample) => (
          <button
            key={sample.label}
            type="button"
            role="tab"
            aria-selected={sample === shown}
            onClick={() => setShown(sample)}
            className="h-8 rounded-control px-2.5 text-muted hover:text-text aria-selected:bg-raised aria-selected:font-medium aria-selected:text-text"
          >
            {sample.label}
          </button>
        ))}
      </div>
      <div className="p-4 pt-2" role="tabpanel" aria-label={shown.label}>
        <CodeBlock code={shown.code(location.origin)} />
      </div>
    </>
  );
}
