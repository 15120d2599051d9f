import { ErrorState } from "../../../../components/feedback/states.tsx";
import { PageHeader } from "../../../../components/layout/page.tsx";
import { GuardSubpages } from "../shared/guard-subpages.tsx";
import { useDetectors } from "../shared/use-detectors.ts";
import { DetectorTable } from "./detector-table.tsx";

/** The detectors with their numbers in the project. */
export function DetectorsPage() {
  const detectors = useDetectors();
  return (
    <>
      <PageHeader
        title="Detectors"
        description="What guards can find, how often your labels call it right, and how often it was found in the last 7 days. Intervals are 95%."
      >
        <GuardSubpages />
      </PageHeader>
      <div className="px-6 pt-4 pb-8 max-md:px-4">
        {detectors.error && !detectors.data ? (
          <ErrorState
            error={detectors.error}
            retry={() => detectors.refetch()}
            title="The detectors could not be loaded"
          />
        ) : (
          <div className="card overflow-hidden">
            <DetectorTable detectors={detectors.data?.items} />
          </div>
        )}
      </div>
    </>
  );
}
