import { Link } from "@tanstack/react-router";
import { Waypoints } from "lucide-react";
import { buttonLook } from "../../../components/form/button.tsx";
import type { LineageSearch } from "./lineage-search.ts";

/** A link to the inputs and results of an object. */
export function LineageLink({ of, label = "Lineage" }: { of: LineageSearch; label?: string }) {
  return (
    <Link to="/lineage" search={of} className={buttonLook("plain", "small")}>
      <Waypoints aria-hidden size={12} /> {label}
    </Link>
  );
}

/** The attribute in which the gateway records the registry version that answered. */
const REGISTERED = /^[a-z0-9][a-z0-9._-]{0,99}@v\d{1,9}$/;
type Answer = { traceId: string; spanId: string; responseModel: string };

/** A lineage link, shown only on answers from a registry version. */
export function OriginLink({ span: { traceId, spanId, responseModel } }: { span: Answer }) {
  if (!REGISTERED.test(responseModel)) return null;
  return (
    <p>
      <LineageLink of={{ trace: traceId, span: spanId }} label="Lineage of this answer" />
    </p>
  );
}
