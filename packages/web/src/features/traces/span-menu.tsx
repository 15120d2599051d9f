import { useNavigate, useSearch } from "@tanstack/react-router";
import { Copy, Database, Download, Ellipsis, MessagesSquare, Sparkles, Terminal } from "lucide-react";
import { useState } from "react";
import { IconButton } from "../../components/button.tsx";
import { copyText } from "../../components/copy-button.tsx";
import { Menu, MenuItem, MenuLine } from "../../components/menu.tsx";
import { CODE_KINDS, codeFor } from "../../components/request-code.ts";
import { saveFile } from "../../components/save-file.ts";
import { parseRange } from "../../components/time-range.ts";
import { toastDone } from "../../components/toast.tsx";
import { playgroundHash } from "../playground/index.ts";
import { useProject } from "../session/index.ts";
import { ToDatasetDialog } from "../to-dataset/index.ts";
import { chatRequestOf } from "./chat-request.ts";
import { meaningOf, rangeHolding } from "./meaning-search.ts";
import type { Span } from "./use-trace.ts";

/** What can be done with one span: copy it in several shapes, or go on with it in the playground. */
export function SpanMenu({ span }: { span: Span }) {
  const navigate = useNavigate();
  const project = useProject();
  const [isAdding, setIsAdding] = useState(false);
  const shown = parseRange(useSearch({ strict: false }));
  const request = chatRequestOf(span);
  const meaning = project.can("traces:read") ? meaningOf(span) : "";
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
            Open in the playground
          </MenuItem>
        )}
        {meaning !== "" && (
          <MenuItem icon={<Sparkles size={14} />} onSelect={findSimilar}>
            Find similar spans
          </MenuItem>
        )}
        {project.can("datasets:write") && (
          <MenuItem icon={<Database size={14} />} onSelect={() => setIsAdding(true)}>
            Add to a dataset…
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
          Copy the trace id
        </MenuItem>
        <MenuItem icon={<Copy size={14} />} onSelect={copy(span.spanId, "Copied the span id")}>
          Copy the span id
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
