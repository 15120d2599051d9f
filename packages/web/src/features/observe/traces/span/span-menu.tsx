import { useNavigate, useSearch } from "@tanstack/react-router";
import { Copy, Database, Download, Ellipsis, MessagesSquare, Sparkles, Terminal } from "lucide-react";
import { useState } from "react";
import { saveFile } from "../../../../components/browser/save-file.ts";
import { CODE_KINDS, codeFor } from "../../../../components/content/request-code.ts";
import { copyText } from "../../../../components/feedback/copy-button.tsx";
import { toastDone } from "../../../../components/feedback/toast.tsx";
import { IconButton } from "../../../../components/form/button.tsx";
import { Menu, MenuItem, MenuLine } from "../../../../components/overlay/menu.tsx";
import { parseRange } from "../../../../components/time/time-range.ts";
import { playgroundHash } from "../../../build/playground/index.ts";
import { ToDatasetDialog } from "../../../data/to-dataset/index.ts";
import { useProject } from "../../../system/session/index.ts";
import { meaningOf, rangeHolding } from "../meaning/meaning-search.ts";
import type { Span } from "../model/use-trace.ts";
import { chatRequestOf } from "./chat-request.ts";

/** Actions of one span: copy it in several formats, or open it in the playground. */
export function SpanMenu({ span }: { span: Span }) {
  const navigate = useNavigate();
  const project = useProject();
  const [isAdding, setIsAdding] = useState(false);
  const shown = parseRange(useSearch({ strict: false }));
  const request = chatRequestOf(span);
  const meaning = project.can("traces:content") ? meaningOf(span) : "";
  const copy = (text: string, words: string) => async () => {
    if (await copyText(text)) toastDone(words);
  };
  const findSimilar = () =>
    void navigate({
      to: "/traces",
      search: { view: "spans", meaning, ...rangeHolding(span.startTime, shown, Date.now()) },
    });
  const trigger = (
    <IconButton label="Actions for this span">
      <Ellipsis size={16} />
    </IconButton>
  );
  return (
    <>
      <Menu trigger={trigger} align="end">
        {request && project.can("gateway:use") && (
          <MenuItem
            icon={<MessagesSquare size={14} />}
            onSelect={() => void navigate({ to: "/playground", hash: playgroundHash(request) })}
          >
            Open in playground
          </MenuItem>
        )}
        {meaning !== "" && (
          <MenuItem icon={<Sparkles size={14} />} onSelect={findSimilar}>
            Find similar spans
          </MenuItem>
        )}
        {project.can("datasets:write") && project.can("traces:content") && (
          <MenuItem icon={<Database size={14} />} onSelect={() => setIsAdding(true)}>
            Add to dataset…
          </MenuItem>
        )}
        {request &&
          CODE_KINDS.map((kind) => (
            <MenuItem
              key={kind}
              icon={<Terminal size={14} />}
              onSelect={copy(codeFor(kind, request, location.origin), `Copied as ${kind}`)}
            >
              Copy as {kind}
            </MenuItem>
          ))}
        {request && <MenuLine />}
        <MenuItem icon={<Copy size={14} />} onSelect={copy(span.traceId, "Copied the trace id")}>
          Copy trace id
        </MenuItem>
        <MenuItem icon={<Copy size={14} />} onSelect={copy(span.spanId, "Copied the span id")}>
          Copy span id
        </MenuItem>
        <MenuItem
          icon={<Download size={14} />}
          onSelect={() => saveFile(`span-${span.spanId}.json`, JSON.stringify(span, null, 2), "application/json")}
        >
          Download as JSON
        </MenuItem>
      </Menu>
      {isAdding && (
        <ToDatasetDialog
          select={{ spans: [{ traceId: span.traceId, spanId: span.spanId }] }}
          close={() => setIsAdding(false)}
        />
      )}
    </>
  );
}
