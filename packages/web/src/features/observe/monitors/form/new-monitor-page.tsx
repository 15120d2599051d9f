import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { SPAN_DIMENSIONS, SPAN_MEASURES } from "@treadle/contract";
import { useState } from "react";
import { ErrorState, Skeleton } from "../../../../components/feedback/states.tsx";
import { toastDone } from "../../../../components/feedback/toast.tsx";
import { RunDenied } from "../../../../components/form/run-form.tsx";
import { BackLink, PageHeader } from "../../../../components/layout/page.tsx";
import { useProject } from "../../../system/session/index.ts";
import type { NewSearch } from "../monitor-search.ts";
import { useCreateMonitor, useMonitor, useMonitorTemplates } from "../shared/use-monitors.ts";
import { draftOf, type MonitorDraft, NEW_DRAFT, NO_SERIES } from "./monitor-draft.ts";
import { MonitorForm } from "./monitor-form.tsx";
import { TemplatePicker } from "./template-picker.tsx";
import { useMonitorForm } from "./use-monitor-form.ts";

const route = getRouteApi("/shell/monitors/new");
const TITLE = "New monitor";

/** The form of a new monitor: empty, of a template, as a copy, or with a measure from another page. */
export function NewMonitorPage() {
  const search = route.useSearch();
  const { id, can } = useProject();
  const { initial, error, retry } = useInitial(search);
  const back = <BackLink to="/monitors" label="Monitors" />;
  if (!can("monitors:write")) return <RunDenied title={TITLE} back={back} denied="You cannot create monitors" />;
  return (
    <>
      <PageHeader
        title={TITLE}
        back={back}
        description="The preview shows where the monitor would have fired in the last 30 days."
      />
      {error && !initial && <ErrorState error={error} retry={retry} title="The form could not be loaded" />}
      {!error && !initial && <Skeleton className="mx-6 h-80 rounded-card max-md:mx-4" />}
      {initial && <NewForm key={JSON.stringify([id, search])} initial={initial} search={search} />}
    </>
  );
}

function NewForm({ initial, search }: { initial: MonitorDraft; search: NewSearch }) {
  const { id } = useProject();
  const create = useCreateMonitor();
  const navigate = useNavigate();
  const [template, setTemplate] = useState(search.template);
  const form = useMonitorForm({
    initial,
    storeKey: `new-monitor.${id}.${JSON.stringify(search)}`,
    save: async (body) => {
      const { monitorId, name } = await create.mutateAsync(body);
      toastDone(`Created ${name}`);
      await navigate({ to: "/monitors/$monitorId", params: { monitorId } });
    },
  });
  return (
    <MonitorForm form={form} verb="Create monitor" monitorId={undefined}>
      <TemplatePicker
        chosen={template}
        onPick={({ templateId, input }) => {
          setTemplate(templateId);
          form.replace(draftOf(input));
        }}
      />
    </MonitorForm>
  );
}

/** What the form begins with. Undefined while a template or the monitor to copy is loading. */
function useInitial(search: NewSearch) {
  const templates = useMonitorTemplates();
  const original = useMonitor(search.copy);
  const source = search.copy ? original : templates;
  const isWaiting = (search.copy || search.template) && !source.data;
  const template = templates.data?.items.find(({ templateId }) => templateId === search.template);
  const copied = search.copy ? original.data : undefined;
  return {
    initial: isWaiting
      ? undefined
      : copied
        ? { ...draftOf(copied), name: `Copy of ${copied.name}`.slice(0, 120) }
        : template
          ? draftOf(template.input)
          : { ...NEW_DRAFT, ...fieldsOf(search) },
    error: isWaiting ? source.error : null,
    retry: () => void source.refetch(),
  };
}

const isMeasure = (name: string) => Object.hasOwn(SPAN_MEASURES, name) || name.startsWith("score.");
const isDimension = (name: string) =>
  !NO_SERIES.includes(name) && (Object.hasOwn(SPAN_DIMENSIONS, name) || name.startsWith("metadata."));

/** The measure, filter and group of an address. */
const fieldsOf = ({ measure, filter, group }: NewSearch): Partial<MonitorDraft> => ({
  ...(measure && isMeasure(measure) && { measure }),
  ...(filter && { filter }),
  ...(group && isDimension(group) && { groupBy: group }),
});
