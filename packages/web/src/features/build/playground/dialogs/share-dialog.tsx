import { useEffect, useState } from "react";
import { CodeBlock } from "../../../../components/content/code-block.tsx";
import { Skeleton } from "../../../../components/feedback/states.tsx";
import { Dialog } from "../../../../components/overlay/dialog.tsx";
import { formatCount, formatNumberOf } from "../../../../components/text/format.ts";
import { useProject } from "../../../system/session/index.ts";
import type { PlaygroundState } from "../state/playground-state.ts";
import { leftOut, shareHash } from "../state/share-link.ts";

/** Above this, some programs cut an address. */
const LONG = 8_000;

/** A link that opens this playground for another project member. */
export function ShareDialog({ state, close }: { state: PlaygroundState; close: () => void }) {
  const { id } = useProject();
  const [link, setLink] = useState<string>();
  useEffect(() => {
    let isShown = true;
    void shareHash(state).then((hash) => {
      if (isShown) setLink(`${location.origin}/playground?project=${id}#${hash}`);
    });
    return () => {
      isShown = false;
    };
  }, [state, id]);
  const images = leftOut(state);
  return (
    <Dialog
      title="Share this playground"
      description="Members of this project can open the same columns, messages, inputs and rows. The link contains no answers and no keys. Each member runs it with their own permissions."
      close={close}
    >
      {link === undefined ? (
        <Skeleton className="h-20" />
      ) : (
        <div className="flex flex-col gap-3">
          <div className="max-h-40 overflow-y-auto">
            <CodeBlock code={link} label="Link" />
          </div>
          {images > 0 && (
            <p className="text-muted">The link does not include {formatNumberOf(images, "image")} from this browser.</p>
          )}
          {link.length > LONG && (
            <p className="text-muted">
              The link has {formatCount(link.length)} characters. Some chat and email programs cut long links. To
              shorten the link, save long messages as a stored prompt.
            </p>
          )}
        </div>
      )}
    </Dialog>
  );
}
