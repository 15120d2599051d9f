import { Subpages } from "../../../components/layout/subpages.tsx";

/** The feedback, and the score configurations. */
export const FeedbackSubpages = () => (
  <Subpages
    label="Feedback"
    pages={[
      { to: "/feedback", label: "Feedback", isExact: true },
      { to: "/feedback/scores", label: "Scores" },
    ]}
  />
);
