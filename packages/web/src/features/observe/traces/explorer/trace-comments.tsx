import { MessageSquare } from "lucide-react";
import { useState } from "react";
import { Button } from "../../../../components/form/button.tsx";
import { Popover } from "../../../../components/overlay/popover.tsx";
import { formatCount } from "../../../../components/text/format.ts";
import { Comments } from "../span/comments.tsx";
import { useCommentCount } from "../span/use-comments.ts";

/** Comments on the whole trace, behind a button. Comments on a span are shown at the span. */
export function TraceComments({ traceId }: { traceId: string }) {
  const count = useCommentCount(traceId, "");
  const [isOpen, setIsOpen] = useState(false);
  if (count === undefined) return null;
  return (
    <Popover
      label="Comments on this trace"
      isOpen={isOpen}
      setIsOpen={setIsOpen}
      align="end"
      trigger={
        <Button kind="quiet" className="max-md:px-1.5!" title="Comments on this trace">
          <MessageSquare aria-hidden size={15} />
          <span className="max-md:sr-only">
            Comments<span className="sr-only"> on this trace</span>
          </span>{" "}
          {count > 0 && <span className="num rounded-full bg-raised px-1.5 text-xs">{formatCount(count)}</span>}
        </Button>
      }
    >
      <div className="flex w-96 max-w-full flex-col gap-3 p-3">
        <h2 className="font-semibold">Comments on this trace</h2>
        <Comments traceId={traceId} spanId="" />
      </div>
    </Popover>
  );
}
