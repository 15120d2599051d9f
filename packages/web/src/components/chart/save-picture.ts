import { saveBlob } from "../browser/save-file.ts";
import { fileNameOf } from "./chart-data.ts";

type Picture = { title: string; keys: readonly { label: string; color: string }[] };

const MARGIN = 16;
const HEAD = 56;

/** Saves the drawing in a box as a PNG, with its title and legend. */
export async function savePicture(box: HTMLElement, { title, keys }: Picture): Promise<void> {
  const drawing = await drawingIn(box);
  const scale = window.devicePixelRatio || 1;
  const canvas = document.createElement("canvas");
  canvas.width = (drawing.width + 2 * MARGIN) * scale;
  canvas.height = (drawing.height + HEAD + MARGIN) * scale;
  const pen = canvas.getContext("2d");
  if (!pen) throw new Error("This browser does not support canvas drawing.");
  pen.scale(scale, scale);
  pen.fillStyle = colorOf("--panel");
  pen.fillRect(0, 0, canvas.width, canvas.height);
  writeHead(pen, { title, keys });
  pen.drawImage(drawing.source, MARGIN, HEAD, drawing.width, drawing.height);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
  if (!blob) throw new Error("The browser could not create the image.");
  saveBlob(`${fileNameOf(title)}.png`, blob);
}

const colorOf = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function writeHead(pen: CanvasRenderingContext2D, { title, keys }: Picture) {
  pen.textBaseline = "alphabetic";
  pen.fillStyle = colorOf("--text");
  pen.font = "600 14px 'Inter Variable', sans-serif";
  pen.fillText(title, MARGIN, 24);
  pen.font = "12px 'Inter Variable', sans-serif";
  let left = MARGIN;
  for (const { label, color } of keys) {
    pen.fillStyle = colorOf(color);
    pen.fillRect(left, 36, 9, 9);
    pen.fillStyle = colorOf("--muted");
    pen.fillText(label, left + 14, 45);
    left += 14 + pen.measureText(label).width + 16;
  }
}

type Drawing = { source: CanvasImageSource; width: number; height: number };

async function drawingIn(box: HTMLElement): Promise<Drawing> {
  const canvas = box.querySelector("canvas");
  if (canvas) return { source: canvas, width: canvas.clientWidth, height: canvas.clientHeight };
  const vector = box.querySelector<SVGSVGElement>("svg[data-drawing]");
  if (!vector) throw new Error("There is no chart to save.");
  return drawVector(vector);
}

/** An SVG as an image; styles are inlined into a copy, because an image has no style sheets. */
async function drawVector(vector: SVGSVGElement): Promise<Drawing> {
  const { width, height } = vector.getBoundingClientRect();
  const copy = vector.cloneNode(true) as SVGSVGElement;
  const originals = [vector, ...vector.querySelectorAll<SVGElement>("*")];
  const copies = [copy, ...copy.querySelectorAll<SVGElement>("*")];
  for (const [place, original] of originals.entries()) {
    const style = getComputedStyle(original);
    for (const name of ["fill", "stroke", "stroke-width", "font-size", "font-family", "font-weight", "text-anchor"])
      copies[place]?.setAttribute(name, style.getPropertyValue(name));
    copies[place]?.removeAttribute("class");
    copies[place]?.removeAttribute("style");
  }
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.setAttribute("width", String(width));
  copy.setAttribute("height", String(height));
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(copy))}`;
  await image.decode();
  return { source: image, width, height };
}
