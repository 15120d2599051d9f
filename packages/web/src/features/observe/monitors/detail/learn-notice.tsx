import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { RunEnd } from "../../../../components/feedback/run-end.tsx";
import { Button } from "../../../../components/form/button.tsx";
import { useProject } from "../../../system/session/index.ts";
import { LearnDialog } from "../shared/learn-dialog.tsx";
import { type Monitor, useMonitorSeries } from "../shared/use-monitors.ts";
import { releaseWords, useReleasesBefore } from "../shared/use-releases-before.ts";

/** A release can change the values for good. Then the monitor fires until it learns again, which a person decides. */
export function LearnNotice({ monitor }: { monitor: Monitor }) {
  const [isAsking, setIsAsking] = useState(false);
  const series = useMonitorSeries(monitor).data?.pages.flatMap(({ items }) => items) ?? [];
  const firing = series.find(({ state, incidentId }) => state === "firing" && incidentId !== null);
  const incidentId = firing?.incidentId ?? null;
  const releases = useReleasesBefore(incidentId);
  const canWrite = useProject().can("monitors:write");
  if (incidentId === null || !releases.data?.length) return null;
  return (
    <RunEnd tone="neutral" words={<Words start={releaseWords(releases.data)} incidentId={incidentId} />}>
      {canWrite && (
        <Button size="small" onClick={() => setIsAsking(true)}>
          Learn again from now…
        </Button>
      )}
      {isAsking && <LearnDialog monitor={monitor} close={() => setIsAsking(false)} />}
    </RunEnd>
  );
}

const Words = ({ start, incidentId }: { start: string; incidentId: string }) => (
  <>
    {start} See the{" "}
    <Link to="/incidents/$incidentId" params={{ incidentId }} className="text-accent underline underline-offset-2">
      incident
    </Link>
    . If the new values are right, let the monitor learn again.
  </>
);
