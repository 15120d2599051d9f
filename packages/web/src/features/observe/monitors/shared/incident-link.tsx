import { Link } from "@tanstack/react-router";

/** The link to the incident of a series, if it has one. */
export function IncidentLink({ incidentId }: { incidentId: string | null }) {
  if (incidentId === null) return null;
  // The page belongs to another feature, whose routes this one does not import.
  const to: string = `/incidents/${encodeURIComponent(incidentId)}`;
  return (
    <Link
      to={to}
      onClick={(event) => event.stopPropagation()}
      className="whitespace-nowrap text-accent underline underline-offset-2"
    >
      Incident
    </Link>
  );
}
