import { useState } from "react";
import { Button } from "../../../components/form/button.tsx";
import { SemanticCacheDialog } from "./semantic-cache-dialog.tsx";
import type { Endpoint } from "./use-endpoints.ts";
import { stateWords, useSemanticCache } from "./use-semantic-cache.ts";

/** The semantic cache in the card of an endpoint: a label, the state, and a button for the rest. */
export function SemanticCacheRow({ endpoint, canWrite }: { endpoint: Endpoint; canWrite: boolean }) {
  const { data: status, error } = useSemanticCache(endpoint.endpointId);
  const [isOpen, setIsOpen] = useState(false);
  return (
    <>
      <span className="text-muted">Semantic cache</span>
      <span className="num flex flex-wrap items-center gap-x-3 gap-y-1">
        <span className={status?.state === "stopped" ? "text-bad" : ""}>
          {status ? stateWords(status) : error ? "The state could not be loaded." : "…"}
        </span>
        {status && (
          <Button size="small" onClick={() => setIsOpen(true)}>
            Details
          </Button>
        )}
      </span>
      {status && isOpen && (
        <SemanticCacheDialog endpoint={endpoint} status={status} canWrite={canWrite} close={() => setIsOpen(false)} />
      )}
    </>
  );
}
