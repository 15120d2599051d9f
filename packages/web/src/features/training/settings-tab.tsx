import { Link } from "@tanstack/react-router";
import { CodeBlock } from "../../components/code-block.tsx";
import { formatCount } from "../../components/format.ts";
import { Section } from "../../components/page.tsx";
import { LineageLink } from "../lineage/index.ts";
import type { Run } from "./use-training.ts";

/** What the run was told, and which rows it was given: enough to run it again to the letter. */
export function SettingsTab({ run }: { run: Run }) {
  return (
    <>
      <Section
        title="Data"
        description="The version is fixed, so that the same rows can be found again."
        action={<LineageLink of={{ run: run.trainingRunId }} label="Rows and lineage" />}
      >
        <dl className="grid grid-cols-[max-content_1fr] gap-x-6 gap-y-1 px-4 pb-4">
          {(run.data?.sources ?? []).map(({ ref, datasetId, version, root, rows }) => (
            <div key={ref} className="contents">
              <dt className="text-muted">{ref}</dt>
              <dd className="[overflow-wrap:anywhere]">
                <span className="num">{formatCount(rows)} rows</span>
                {datasetId && (
                  <Link
                    to="/datasets/$datasetId"
                    params={{ datasetId }}
                    className="ml-3 text-accent underline underline-offset-2"
                  >
                    Open{version ? ` version ${version}` : ""}
                  </Link>
                )}
                {root && <code className="ml-3 text-xs text-muted">{root.slice(0, 16)}</code>}
              </dd>
            </div>
          ))}
          {!run.data && <p className="text-muted">It is not prepared yet.</p>}
        </dl>
      </Section>
      <Section
        title="Configuration"
        description="Saved as a file, it starts the same run with `treadle train FILE`. Every default is written out."
      >
        <div className="px-4 pb-4">
          <CodeBlock code={JSON.stringify(run.config, null, 2)} label="Configuration" />
        </div>
      </Section>
    </>
  );
}
