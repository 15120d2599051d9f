import { getRouteApi } from "@tanstack/react-router";
import { EmptyState, ErrorState, Skeleton } from "../../../../components/feedback/states.tsx";
import { BackLink, PageHeader } from "../../../../components/layout/page.tsx";
import { detectorLabel, detectorLine } from "../shared/detector-words.ts";
import { type Detector, useDetectors } from "../shared/use-detectors.ts";
import { DetectorNumbers } from "./detector-numbers.tsx";
import { DetectorPolicies } from "./detector-policies.tsx";
import { certaintyWords } from "./detector-table.tsx";
import { FigureTables } from "./figure-tables.tsx";
import { FlagRates } from "./flag-rates.tsx";
import { LabeledFindings } from "./labeled-findings.tsx";

const route = getRouteApi("/shell/guards/detectors/$name");

/** A detector: its results on built-in sets, its precision by labels, and how often it finds something. */
export function DetectorPage() {
  const { name } = route.useParams();
  const detectors = useDetectors();
  const detector = detectors.data?.items.find((one) => one.name === name);
  return (
    <>
      <PageHeader
        back={<BackLink to="/guards/detectors" label="Detectors" />}
        title={detectorLabel(name)}
        description={detector ? descriptionOf(detector) : detectorLine(name)}
      />
      <div className="flex flex-col gap-4 px-6 pb-8 max-md:px-4">
        {detector ? <Parts detector={detector} /> : <Missing name={name} detectors={detectors} />}
      </div>
    </>
  );
}

/** The detectors are loading or could not be loaded, or there is none of this name. */
function Missing({ name, detectors }: { name: string; detectors: ReturnType<typeof useDetectors> }) {
  const { error, isPending, refetch } = detectors;
  if (error) return <ErrorState error={error} retry={() => refetch()} title="The detector could not be loaded" />;
  if (isPending) return <Skeleton className="h-96 rounded-card" />;
  return (
    <EmptyState title="Unknown detector">
      This server has no detector <code>{name}</code>. The list of detectors shows the available ones.
    </EmptyState>
  );
}

const descriptionOf = (detector: Detector) => (
  <>
    {detectorLine(detector.name)}{" "}
    <span className="num">
      {certaintyWords(detector)}. <code className="text-xs whitespace-nowrap">{detector.name}</code>, version{" "}
      {detector.version}.
    </span>
  </>
);

const Parts = ({ detector }: { detector: Detector }) => (
  <>
    <DetectorNumbers detector={detector} />
    <LabeledFindings detector={detector} />
    <FlagRates detector={detector} />
    <FigureTables detector={detector} />
    <DetectorPolicies detector={detector} />
  </>
);
