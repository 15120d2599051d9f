import { Link } from "@tanstack/react-router";
import { CodeBlock } from "../../../../components/content/code-block.tsx";
import { Section } from "../../../../components/layout/page.tsx";
import { formatCount } from "../../../../components/text/format.ts";
import { LineageLink } from "../../lineage/index.ts";
import type { Run } from "../shared/use-training.ts";

/** The configuration and the rows of a run: enough to reproduce it exactly. */
export function SettingsTab({ run }: { run: Run }) {
  return (
    <>
      <Section
        title="Data"
        description="The dataset version is fixed, so the run always refers to the same rows."
        action={<LineageLink of={{ run: run.trainingRunId }} label="Rows and lineage" />}
      >
        <dl className="grid grid-cols-[max-content_1fr] gap-x-6 gap-y-1 px-4 pb-4">
          {(run.data?.sources ?? []).map(({ ref, datasetId, version, root, rows, kept }) => (
            <div key={ref} className="contents">
              <dt className="text-muted">{ref}</dt>
              <dd className="[overflow-wrap:anywhere]">
                <span className="num">
                  {formatCount(kept ?? rows)} rows
                  {kept != null && kept < rows && `, ${formatCount(rows - kept)} skipped by the trainer`}
                </span>
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
          {!run.data && <p className="text-muted">Not prepared yet.</p>}
        </dl>
      </Section>
      <Section
        title="Configuration"
        description="Save this as a file and start the same run with `treadle train FILE`. Defaults are included."
      >
        <div className="px-4 pb-4">
          <CodeBlock code={JSON.stringify(run.config, null, 2)} label="Configuration" />
        </div>
      </Section>
    </>
  );
}
