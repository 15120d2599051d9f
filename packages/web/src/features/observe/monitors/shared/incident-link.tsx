import { Link } from "@tanstack/react-router";

/** The link to the incident of a series, if it has one. */
export function IncidentLink({ incidentId }: { incidentId: string | null }) {
  if (incidentId === null) return null;
  return (
    <Link
      to="/incidents/$incidentId"
      params={{ incidentId }}
      onClick={(event) => event.stopPropagation()}
      className="whitespace-nowrap text-accent underline underline-offset-2"
    >
      Incident
    </Link>
  );
}
