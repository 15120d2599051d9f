import type { TraceModel } from "../model/trace-model.ts";

/** The places whose name, model, kind or service holds every word, or whose id is the text itself, in the order of reading. */
export function findSpans(model: TraceModel, text: string): Int32Array {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return new Int32Array(0);
  const found: number[] = [];
  const texts = textsOf(model);
  for (let place = 0; place < model.count; place += 1) {
    const text = texts[place] ?? "";
    if (words.every((word) => text.includes(word)) || model.ids[place] === words[0]) found.push(place);
  }
  return Int32Array.from(found);
}

const known = new WeakMap<TraceModel, readonly string[]>();

/** The searchable text of each span in lower case, computed once per trace, because users type letter by letter. */
function textsOf(model: TraceModel): readonly string[] {
  const ready = known.get(model);
  if (ready) return ready;
  const texts = model.names.map((name, place) =>
    `${name} ${model.models[place]} ${model.kinds[place]} ${model.services[place]}`.toLowerCase(),
  );
  known.set(model, texts);
  return texts;
}

/** Two lists of places in one, without repeats, in the order of reading. */
export function mergePlaces(a: Int32Array, b: readonly number[]): Int32Array {
  if (b.length === 0) return a;
  return Int32Array.from(new Set([...a, ...b])).sort();
}

/** The place after (`by` 1) or before (`by` -1) this one, around the end. -1 when the list is empty. */
export function nextPlace(places: ArrayLike<number>, from: number, by: 1 | -1): number {
  if (places.length === 0) return -1;
  let index = 0;
  while (index < places.length && (places[index] ?? 0) < from) index += 1;
  if (by === 1 && places[index] === from) index += 1;
  if (by === -1) index -= 1;
  return places[(index + places.length) % places.length] ?? -1;
}
