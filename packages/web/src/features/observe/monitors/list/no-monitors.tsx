import { Link } from "@tanstack/react-router";
import { BellRing, Plus } from "lucide-react";
import { EmptyState, ErrorState, Skeleton } from "../../../../components/feedback/states.tsx";
import { buttonLook } from "../../../../components/form/button.tsx";
import { watchWords } from "../shared/monitor-words.ts";
import { type MonitorTemplate, useMonitorTemplates } from "../shared/use-monitors.ts";

/** A project without monitors: what they are for, and the templates as the first step. */
export function NoMonitors({ canWrite }: { canWrite: boolean }) {
  return (
    <>
      <EmptyState
        title="No monitors yet"
        icon={<BellRing size={22} />}
        action={
          canWrite && (
            <Link to="/monitors/new" className={buttonLook("primary")}>
              <Plus aria-hidden size={14} /> New monitor
            </Link>
          )
        }
      >
        {canWrite
          ? "Start with a template, or choose a measure. The form shows where the monitor would have fired in the last 30 days."
          : "Ask an owner of the project to create one."}
      </EmptyState>
      {canWrite && <TemplateCards />}
    </>
  );
}

function TemplateCards() {
  const { data, error, refetch } = useMonitorTemplates();
  if (error && !data)
    return <ErrorState error={error} retry={() => refetch()} title="The templates could not be loaded" />;
  return (
    <section aria-label="Templates" className="flex flex-col gap-2">
      <h2 className="font-semibold">Templates</h2>
      <ul className="grid grid-cols-3 gap-3 max-lg:grid-cols-2 max-sm:grid-cols-1">
        {data?.items.map((template) => <TemplateCard key={template.templateId} template={template} />) ??
          [0, 1, 2].map((place) => <Skeleton key={place} className="h-28 rounded-card" />)}
      </ul>
    </section>
  );
}

const TemplateCard = ({ template: { templateId, name, description, input } }: { template: MonitorTemplate }) => (
  <li className="flex">
    <Link
      to="/monitors/new"
      search={{ template: templateId }}
      className="card flex min-w-0 grow flex-col gap-1 p-4 hover:border-line-strong hover:bg-raised"
    >
      <span className="font-medium">{name}</span>
      <span className="text-muted text-pretty">{description}</span>
      <span className="mt-auto pt-1 text-xs text-muted [overflow-wrap:anywhere]">{watchWords(input)}</span>
    </Link>
  </li>
);
