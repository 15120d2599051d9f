export { createVectorTable, type VectorTable } from "./vector-table.ts";
