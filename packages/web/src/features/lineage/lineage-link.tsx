import { Link } from "@tanstack/react-router";
import { Waypoints } from "lucide-react";
import { buttonLook } from "../../components/button.tsx";
import type { LineageSearch } from "./lineage-search.ts";

/** Leads to what something came from and what came of it. */
export function LineageLink({ of, label = "Lineage" }: { of: LineageSearch; label?: string }) {
  return (
    <Link to="/lineage" search={of} className={buttonLook("plain", "small")}>
      <Waypoints aria-hidden size={12} /> {label}
    </Link>
  );
}

/** How the gateway writes down which version of the registry answered. */
const REGISTERED = /^[a-z0-9][a-z0-9._-]{0,99}@v\d{1,9}$/;
type Answer = { traceId: string; spanId: string; responseModel: string };

/** On an answer that a version of the registry gave. On any other there is nothing to be followed back. */
export function OriginLink({ span: { traceId, spanId, responseModel } }: { span: Answer }) {
  if (!REGISTERED.test(responseModel)) return null;
  return (
    <p>
      <LineageLink of={{ trace: traceId, span: spanId }} label="Where this answer comes from" />
    </p>
  );
}
