import { explain } from "../../../../api.ts";
import { Skeleton } from "../../../../components/feedback/states.tsx";
import { type MonitorTemplate, useMonitorTemplates } from "../shared/use-monitors.ts";

type PickerProps = { chosen: string | undefined; onPick: (template: MonitorTemplate) => void };

/** The templates as a row of buttons. A template fills in the whole form. */
export function TemplatePicker({ chosen, onPick }: PickerProps) {
  const { data, error } = useMonitorTemplates();
  if (error && !data) return <p className="text-muted">The templates could not be loaded. {explain(error)}</p>;
  return (
    <fieldset className="flex min-w-0 flex-wrap gap-1.5">
      <legend className="mb-1.5 text-sm font-medium">Start with a template</legend>
      {!data && <Skeleton className="h-8 w-80" />}
      {data?.items.map((template) => (
        <button
          key={template.templateId}
          type="button"
          title={template.description}
          aria-pressed={template.templateId === chosen}
          onClick={() => onPick(template)}
          className="h-8 rounded-control border border-line-strong bg-panel px-3 text-sm hover:bg-raised aria-pressed:border-accent aria-pressed:bg-accent-soft"
        >
          {template.name}
        </button>
      ))}
    </fieldset>
  );
}
