import { Link } from "@tanstack/react-router";
import { RunEnd } from "../../../../components/feedback/run-end.tsx";
import { Button } from "../../../../components/form/button.tsx";
import { useProject } from "../../../system/session/index.ts";
import { useLearning } from "../shared/use-learning.ts";
import { type Monitor, useMonitorSeries } from "../shared/use-monitors.ts";
import { releaseWords, useReleasesBefore } from "../shared/use-releases-before.ts";

/** A release can change the values for good. Then the monitor fires until it learns again, which a person decides. */
export function LearnNotice({ monitor }: { monitor: Monitor }) {
  const learn = useLearning(monitor);
  const series = useMonitorSeries(monitor).data?.pages.flatMap(({ items }) => items) ?? [];
  const firing = series.find(({ state, incidentId }) => state === "firing" && incidentId !== null);
  const incidentId = (learn && firing?.incidentId) ?? null;
  const releases = useReleasesBefore(incidentId);
  const canWrite = useProject().can("monitors:write");
  if (!learn || incidentId === null || !releases.data?.length) return null;
  return (
    <RunEnd tone="neutral" words={<Words start={releaseWords(releases.data)} incidentId={incidentId} />}>
      {canWrite && (
        <Button size="small" onClick={learn}>
          Learn again from now
        </Button>
      )}
    </RunEnd>
  );
}

const Words = ({ start, incidentId }: { start: string; incidentId: string }) => (
  <>
    {start} See the{" "}
    <Link to="/incidents/$incidentId" params={{ incidentId }} className="text-accent underline underline-offset-2">
      incident
    </Link>
    . If the new values are right, let the monitor learn again. This resolves the incident.
  </>
);
