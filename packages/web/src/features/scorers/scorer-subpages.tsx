import { Subpages } from "../../components/subpages.tsx";

/** The list of scorers, and the rules by which they score what arrives. */
export const ScorerSubpages = () => (
  <Subpages
    label="Scorers"
    pages={[
      { to: "/scorers", label: "Scorers", isExact: true },
      { to: "/scorers/live", label: "Live" },
    ]}
  />
);
