/** Images are stored in this browser with everything else, in a few megabytes. */
const MOST_BYTES = 400_000;
/** What vision models look at; more is scaled down by them anyway. In pixels. */
const SIDES = [1_536, 1_024, 640] as const;

const readUrl = (blob: Blob) =>
  new Promise<string>((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(new Error("The file could not be read."));
    reader.readAsDataURL(blob);
  });

/** An image as a `data:` address. A large image is scaled down and becomes a JPEG. Throws for other files. */
export async function shrinkImage(file: File): Promise<string> {
  const picture = await createImageBitmap(file).catch(() => {
    throw new Error(`This browser cannot read ${file.name} as an image. Use PNG, JPEG, WebP or GIF.`);
  });
  if (file.size <= MOST_BYTES && Math.max(picture.width, picture.height) <= SIDES[0]) return readUrl(file);
  for (const side of SIDES) {
    const scale = Math.min(1, side / Math.max(picture.width, picture.height));
    const canvas = new OffscreenCanvas(Math.max(1, picture.width * scale), Math.max(1, picture.height * scale));
    canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
    const blob = await canvas.convertToBlob({ type: "image/jpeg", quality: 0.85 });
    if (blob.size <= MOST_BYTES) return readUrl(blob);
  }
  throw new Error(`${file.name} is too large, even after resizing.`);
}
