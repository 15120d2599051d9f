import { Subpages } from "../../../../components/layout/subpages.tsx";

/** The subpages: scorers, and live scoring rules. */
export const ScorerSubpages = () => (
  <Subpages
    label="Scorers"
    pages={[
      { to: "/scorers", label: "Scorers", isExact: true },
      { to: "/scorers/live", label: "Live" },
    ]}
  />
);
