import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { MonitorInput } from "@treadle/contract";
import { useState } from "react";
import { Skeleton } from "../../../../components/feedback/states.tsx";
import { toastDone } from "../../../../components/feedback/toast.tsx";
import { RunDenied } from "../../../../components/form/run-form.tsx";
import { BackLink, PageHeader } from "../../../../components/layout/page.tsx";
import { useProject } from "../../../system/session/index.ts";
import { MonitorFailure } from "../shared/monitor-failure.tsx";
import { type Monitor, useMonitor, useUpdateMonitor } from "../shared/use-monitors.ts";
import { checkDraft } from "./check-draft.ts";
import { changedFields, draftOf } from "./monitor-draft.ts";
import { MonitorForm } from "./monitor-form.tsx";
import { useMonitorForm } from "./use-monitor-form.ts";

const route = getRouteApi("/shell/monitors/$monitorId/edit");

/** The form of a stored monitor. */
export function EditMonitorPage() {
  const { monitorId } = route.useParams();
  const { can } = useProject();
  const monitor = useMonitor(monitorId);
  const back = <BackLink to="/monitors" label="Monitors" />;
  const title = monitor.data ? `Edit ${monitor.data.name}` : "Edit monitor";
  if (!can("monitors:write")) return <RunDenied title={title} back={back} denied="You cannot change monitors" />;
  return (
    <>
      <PageHeader title={title} back={back} />
      {monitor.error && !monitor.data && <MonitorFailure error={monitor.error} retry={() => monitor.refetch()} />}
      {monitor.isPending && <Skeleton className="mx-6 h-80 rounded-card max-md:mx-4" />}
      {monitor.data && <EditForm key={monitorId} monitor={monitor.data} />}
    </>
  );
}

function EditForm({ monitor }: { monitor: Monitor }) {
  // The monitor is loaded again with each evaluation. The form stays with the settings that it was opened with.
  const [before] = useState(() => inputOf(monitor));
  const [initial] = useState(() => draftOf(before));
  const { monitorId } = monitor;
  const update = useUpdateMonitor(monitorId);
  const navigate = useNavigate();
  const form = useMonitorForm({
    initial,
    storeKey: `monitor.${monitorId}.${monitor.updatedAt}`,
    save: async (body) => {
      const { name } = await update.mutateAsync(changedFields(before, body));
      toastDone(`Saved ${name}`);
      await navigate({ to: "/monitors/$monitorId", params: { monitorId } });
    },
  });
  const { body } = checkDraft(form.draft);
  const changed = body ? changedFields(before, body) : {};
  const isRestart = changed.source !== undefined || changed.condition !== undefined;
  return (
    <MonitorForm
      form={form}
      verb="Save monitor"
      monitorId={monitorId}
      note={isRestart && <p className="text-warn">A new measure or condition starts all series again.</p>}
    />
  );
}

/** The settings of a monitor without its state. */
const inputOf = (monitor: Monitor): MonitorInput => {
  const names = Object.keys(MonitorInput.shape);
  return MonitorInput.parse(Object.fromEntries(Object.entries(monitor).filter(([name]) => names.includes(name))));
};
