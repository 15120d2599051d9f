import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { Pencil, Trash2 } from "lucide-react";
import { useState } from "react";
import { ErrorState, Skeleton } from "../../../components/feedback/states.tsx";
import { toastDone } from "../../../components/feedback/toast.tsx";
import { whenDone } from "../../../components/feedback/when-done.ts";
import { Button } from "../../../components/form/button.tsx";
import { BackLink, PageHeader } from "../../../components/layout/page.tsx";
import { ConfirmDialog } from "../../../components/overlay/confirm-dialog.tsx";
import { useProject } from "../../system/session/index.ts";
import { AlertTable, BurnTable } from "./burn-tables.tsx";
import { JudgeSection } from "./judge-section.tsx";
import { SloCharts } from "./slo-charts.tsx";
import { SloForm } from "./slo-form.tsx";
import { SloNotices } from "./slo-notices.tsx";
import { SloState } from "./slo-state.tsx";
import { SloTiles } from "./slo-tiles.tsx";
import { exactPercent, goodWords } from "./slo-words.ts";
import { type Slo, useSlo, useSloChanges } from "./use-slos.ts";

const route = getRouteApi("/shell/slos/$sloId");

/** One SLO: its budget, its burn rates and its history. */
export function SloPage() {
  const { sloId } = route.useParams();
  const slo = useSlo(sloId);
  if (slo.data) return <Loaded slo={slo.data} />;
  return (
    <>
      <PageHeader title="SLO" back={BACK} description={!slo.error && <Skeleton className="h-4 w-60" />} />
      {slo.error ? (
        <ErrorState error={slo.error} retry={() => slo.refetch()} title="The SLO could not be loaded" />
      ) : (
        <Skeleton className="mx-6 h-64 rounded-card max-md:mx-4" />
      )}
    </>
  );
}

const BACK = <BackLink to="/slos" label="SLOs" />;

function Loaded({ slo }: { slo: Slo }) {
  const { name, description, status, notices } = slo;
  return (
    <>
      <PageHeader
        title={name}
        back={BACK}
        beside={
          <span className="ml-2">
            <SloState status={status} />
          </span>
        }
        description={<Goal slo={slo} />}
        action={<Actions slo={slo} />}
      />
      <div className="flex flex-col gap-4 px-6 pb-8 max-md:px-4">
        {description && <p className="text-muted whitespace-pre-line [overflow-wrap:anywhere]">{description}</p>}
        <SloNotices notices={notices} />
        <SloTiles status={status} indicator={slo.indicator} />
        <JudgeSection slo={slo} />
        <SloCharts slo={slo} />
        <div className="grid grid-cols-2 items-start gap-4 max-lg:grid-cols-1">
          <BurnTable status={status} />
          <AlertTable slo={slo} />
        </div>
      </div>
    </>
  );
}

const Goal = ({ slo: { objective, indicator, windowDays, endpoint, filter, counts } }: { slo: Slo }) => (
  <span className="[overflow-wrap:anywhere]">
    {exactPercent(objective)} of {counts === "calls" ? "model calls" : "root spans"}
    {endpoint && ` of the endpoint ${endpoint}`} {goodWords(indicator)}, over {windowDays} days.
    {filter && (
      <>
        {" "}
        Filter: <code className="text-xs">{filter}</code>
      </>
    )}
  </span>
);

function Actions({ slo }: { slo: Slo }) {
  const [open, setOpen] = useState<"edit" | "delete">();
  const close = () => setOpen(undefined);
  if (!useProject().can("monitors:write")) return null;
  return (
    <>
      <Button onClick={() => setOpen("edit")}>
        <Pencil aria-hidden size={14} /> Edit
      </Button>
      <Button onClick={() => setOpen("delete")}>
        <Trash2 aria-hidden size={14} /> Delete
      </Button>
      {open === "edit" && <SloForm slo={slo} close={close} />}
      {open === "delete" && <Removal slo={slo} close={close} />}
    </>
  );
}

function Removal({ slo: { sloId, name, monitorId }, close }: { slo: Slo; close: () => void }) {
  const { remove } = useSloChanges();
  const navigate = useNavigate();
  const confirm = () =>
    void whenDone(remove.mutateAsync(sloId), () => {
      toastDone(`Deleted ${name}`);
      void navigate({ to: "/slos" });
    });
  return (
    <ConfirmDialog
      title={`Delete ${name}?`}
      verb="Delete SLO"
      isBusy={remove.isPending}
      onConfirm={confirm}
      close={close}
    >
      Its history{monitorId !== null && " and its monitor are"}
      {monitorId === null && " is"} deleted too. A status page no longer shows it.
    </ConfirmDialog>
  );
}
