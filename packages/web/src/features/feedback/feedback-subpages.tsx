import { Subpages } from "../../components/subpages.tsx";

/** What was given, and what may be given. */
export const FeedbackSubpages = () => (
  <Subpages
    label="Feedback"
    pages={[
      { to: "/feedback", label: "Feedback", isExact: true },
      { to: "/feedback/scores", label: "Scores" },
    ]}
  />
);
