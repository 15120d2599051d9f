// Writes the figures of the model card as data: node packages/guards/training/write-figures.ts
import { writeFigures } from "./figures.ts";

writeFigures();
