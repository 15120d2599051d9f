import { useEffect, useState } from "react";
import { CodeBlock } from "../../components/code-block.tsx";
import { Dialog } from "../../components/dialog.tsx";
import { formatCount, formatNumberOf } from "../../components/format.ts";
import { Skeleton } from "../../components/states.tsx";
import { useProject } from "../session/index.ts";
import type { PlaygroundState } from "./playground-state.ts";
import { leftOut, shareHash } from "./share-link.ts";

/** Above this, some programs cut an address. */
const LONG = 8_000;

/** A link that opens this playground for somebody else in the project. */
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
      description="Whoever may see this project opens the same columns, messages, inputs and rows. Answers are not part of it, and neither are keys: everybody runs it with their own rights."
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
            <p className="text-muted">{formatNumberOf(images, "picture")} from this browser stays here.</p>
          )}
          {link.length > LONG && (
            <p className="text-muted">
              The link has {formatCount(link.length)} characters, which some chat and mail programs cut. Saving long
              messages as a stored prompt makes it short.
            </p>
          )}
        </div>
      )}
    </Dialog>
  );
}
