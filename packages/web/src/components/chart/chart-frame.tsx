import { Download, Ellipsis, Image, Table2 } from "lucide-react";
import { type ReactNode, useRef, useState } from "react";
import { saveFile, toCsv } from "../browser/save-file.ts";
import { useElementSize } from "../browser/use-element-size.ts";
import { toastFailed } from "../feedback/toast.tsx";
import { IconButton } from "../form/button.tsx";
import { Menu, MenuItem } from "../overlay/menu.tsx";
import { type ChartData, fileNameOf } from "./chart-data.ts";
import { HighlightContext, useHighlightState } from "./chart-highlight.ts";
import { ChartTable } from "./chart-table.tsx";
import { savePicture } from "./save-picture.ts";

type FrameProps = {
  title: string;
  /** Shown next to the title, such as the line labels. */
  legend?: ReactNode;
  /** The legend entries drawn in an exported image, with colours as CSS variables. */
  keys?: readonly { label: string; color: string }[];
  /** The numbers behind the drawing; undefined while there are none. */
  data: ChartData | undefined;
  /** Opens the item of a table row. */
  onOpenRow?: (row: number) => void;
  /** The height of what is below the title, in pixels; when unset, the card has a height and this is the rest of it. */
  height?: number;
  className?: string;
  /** Extra menu entries. */
  menu?: ReactNode;
  /** Unset if the content is already a table. */
  hasTable?: boolean;
  /** Whether it is drawn on a canvas or as an SVG, so that it can be saved as a picture. */
  isPicture?: boolean;
  /** The drag handle before the title. */
  handle?: ReactNode;
  /** Renders the drawing for the available size. */
  children: (height: number) => ReactNode;
};

/** The card around any chart: its title, a table view of the same numbers, and its downloads. */
export function ChartFrame({ title, legend, data, onOpenRow, height, className = "", ...rest }: FrameProps) {
  const [isTable, setIsTable] = useState(false);
  const highlight = useHighlightState();
  const body = useRef<HTMLDivElement>(null);
  const measured = useElementSize(body).height;
  const room = height ?? measured;
  const { keys = [], menu, isPicture = true, hasTable = true, handle, children } = rest;
  const saveCsv = () =>
    data &&
    saveFile(`${fileNameOf(title)}.csv`, toCsv([data.columns.map(({ label }) => label), ...data.rows]), "text/csv");
  const savePng = () =>
    body.current &&
    savePicture(body.current, { title, keys }).catch(() =>
      toastFailed("The image was not created", "Download the CSV instead."),
    );
  return (
    <HighlightContext value={highlight}>
      <section aria-label={title} className={`card group/chart @container/chart flex min-w-0 flex-col ${className}`}>
        <div className="flex min-h-10 shrink-0 flex-wrap items-center gap-x-3 gap-y-0.5 pt-2 pr-2 pl-4">
          {handle}
          <h2
            className="min-w-0 max-w-1/2 shrink truncate font-semibold @max-2xl/chart:min-w-12 @max-2xl/chart:max-w-none @max-2xl/chart:grow @max-2xl/chart:basis-0"
            title={title}
          >
            {title}
          </h2>
          <div className="flex min-w-0 grow basis-0 flex-wrap items-center gap-x-3 text-xs text-muted empty:hidden @max-2xl/chart:order-last @max-2xl/chart:basis-full">
            {legend}
          </div>
          <div className="ml-auto flex shrink-0 transition-opacity duration-150 group-focus-within/chart:opacity-100 group-hover/chart:opacity-100 has-data-[state=open]:opacity-100 md:opacity-0">
            {hasTable && (
              <IconButton
                label={isTable ? `Show ${title} as a chart` : `Show ${title} as a table`}
                size="small"
                aria-pressed={isTable}
                disabled={!data}
                onClick={() => setIsTable(!isTable)}
              >
                <Table2 size={14} />
              </IconButton>
            )}
            <Menu
              align="end"
              trigger={
                <IconButton label={`Actions for ${title}`} size="small">
                  <Ellipsis size={14} />
                </IconButton>
              }
            >
              {menu}
              <MenuItem icon={<Download size={14} />} onSelect={saveCsv} isDisabled={!data}>
                Download as CSV
              </MenuItem>
              {isPicture && (
                <MenuItem icon={<Image size={14} />} onSelect={() => void savePng()} isDisabled={!data || isTable}>
                  Download as PNG
                </MenuItem>
              )}
            </Menu>
          </div>
        </div>
        <div ref={body} className={`min-w-0 ${height === undefined ? "min-h-0 grow" : ""}`} style={{ height }}>
          {room > 0 &&
            (isTable && data ? (
              <ChartTable title={title} data={data} height={room} {...(onOpenRow && { onOpenRow })} />
            ) : (
              children(room)
            ))}
        </div>
      </section>
    </HighlightContext>
  );
}
