import { Subpages } from "../../../../components/layout/subpages.tsx";

const PAGES = [
  { to: "/guards", label: "Policies", isExact: true },
  { to: "/guards/detectors", label: "Detectors" },
] as const;

/** The pages of guards. */
export const GuardSubpages = () => (
  <div className="-mb-3">
    <Subpages label="Guards" pages={PAGES} />
  </div>
);
