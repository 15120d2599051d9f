import { validate as argentine } from "stdnum/lib/cjs/ar/cuit.js";
import { validate as australian } from "stdnum/lib/cjs/au/tfn.js";
import { validate as chilean } from "stdnum/lib/cjs/cl/rut.js";
import { validate as israeli } from "stdnum/lib/cjs/il/idnr.js";
import { validate as indianTax } from "stdnum/lib/cjs/in/pan.js";
import { validate as korean } from "stdnum/lib/cjs/kr/rrn.js";
import { validate as mexican } from "stdnum/lib/cjs/mx/curp.js";
import { validate as malaysian } from "stdnum/lib/cjs/my/nric.js";
import { validate as newZealand } from "stdnum/lib/cjs/nz/ird.js";
import { validate as thai } from "stdnum/lib/cjs/th/idnr.js";
import { validate as taiwanese } from "stdnum/lib/cjs/tw/natid.js";
import { validate as southAfrican } from "stdnum/lib/cjs/za/idnr.js";
import type { Pattern } from "../../patterns/pattern.ts";
import { checked } from "./national-id.ts";

export const otherIds: readonly Pattern[] = [
  checked("ar-cuit", "Argentine tax number", {
    hints: ["cuit", "cuil"],
    pattern: /(?<![\d-])(?:20|2[3-7]|30|33|34)-?\d{8}-?\d(?![\d-])/g,
    words: /\bCUI[TL]\b/i,
    validate: argentine,
  }),
  checked("au-tfn", "Australian tax file number", {
    hints: ["tfn", "tax file"],
    pattern: /(?<!\d)\d{3} ?\d{3} ?\d{2,3}(?!\d)/g,
    words: /\bTFN\b|tax file number/i,
    validate: australian,
  }),
  checked("cl-rut", "Chilean RUT", {
    hints: ["rut", "r.u.t", "run", "r.u.n"],
    pattern: /(?<![\d.])\d{1,2}\.?\d{3}\.?\d{3}-[\dkK](?!\w)/g,
    words: /\bR\.?U\.?[TN]\b/i,
    validate: (value) => chilean(value.replaceAll(".", "")),
  }),
  checked("il-identity-number", "Israeli identity number", {
    hints: ["zehut", "tz", "t.z", "זהות"],
    pattern: /(?<!\d)\d{8}-?\d(?!\d)/g,
    words: /teudat zehut|mispar zehut|\bT\.?Z\.?\b|תעודת זהות|מספר זהות/i,
    validate: israeli,
  }),
  checked("in-pan", "Indian PAN", {
    hints: ["pan", "permanent account"],
    pattern: /(?<![A-Z0-9])[A-Z]{3}[ABCFGHJLPT][A-Z]\d{4}[A-Z](?![A-Z0-9])/g,
    words: /\bPAN\b|permanent account/i,
    validate: indianTax,
  }),
  checked("kr-rrn", "Korean resident number", {
    pattern: /(?<![\d-])\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])-\d{7}(?![\d-])/g,
    validate: korean,
  }),
  checked("mx-curp", "Mexican CURP", {
    pattern: /(?<![A-Z0-9])[A-Z]{4}\d{6}[HMX][A-Z]{5}[A-Z0-9]\d(?![A-Z0-9])/g,
    validate: mexican,
  }),
  checked("my-nric", "Malaysian identity number", {
    hints: ["nric", "mykad", "ic no", "ic number", "pengenalan"],
    pattern: /(?<![\d-])\d{6}-?\d{2}-?\d{4}(?![\d-])/g,
    words: /\b(?:NRIC|MyKad|IC (?:no|number)|kad pengenalan)\b/i,
    validate: malaysian,
  }),
  checked("nz-ird", "New Zealand IRD number", {
    hints: ["ird", "inland revenue"],
    pattern: /(?<!\d)\d{2,3}-?\d{3}-?\d{3}(?!\d)/g,
    words: /\bIRD\b|inland revenue/i,
    validate: newZealand,
  }),
  checked("th-identity-number", "Thai identity number", {
    hints: ["ประชาชน", "thai", "identity card"],
    pattern: /(?<!\d)[1-8](?:-?\d{4}-?\d{5}-?\d{2}-?\d)(?!\d)/g,
    words: /บัตรประชาชน|ประจำตัวประชาชน|thai (?:national )?id|identity card/i,
    validate: thai,
  }),
  checked("tw-identity-number", "Taiwanese identity number", {
    hints: ["身分證", "身份證", "national id", "identity card"],
    pattern: /(?<![A-Z0-9])[A-Z][12]\d{8}(?!\d)/g,
    words: /身分證|身份證|national id|identity card/i,
    validate: taiwanese,
  }),
  checked("za-identity-number", "South African identity number", {
    hints: ["sa id", "said", "id no", "id number", "identity", "south african"],
    pattern: /(?<!\d)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]) ?\d{4} ?[01]\d{2}(?!\d)/g,
    words: /\bSA ?ID\b|\bID (?:no|number)\b|identity (?:no|number|document)|south african/i,
    validate: southAfrican,
  }),
];
