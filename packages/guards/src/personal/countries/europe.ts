import { validate as austrian } from "stdnum/lib/cjs/at/vnr.js";
import { validate as bulgarian } from "stdnum/lib/cjs/bg/egn.js";
import { validate as swiss } from "stdnum/lib/cjs/ch/ssn.js";
import { validate as czech } from "stdnum/lib/cjs/cz/rc.js";
import { validate as germanPension } from "stdnum/lib/cjs/de/svnr.js";
import { validate as danish } from "stdnum/lib/cjs/dk/cpr.js";
import { validate as estonian } from "stdnum/lib/cjs/ee/ik.js";
import { validate as britishTax } from "stdnum/lib/cjs/gb/utr.js";
import { validate as greek } from "stdnum/lib/cjs/gr/amka.js";
import { validate as croatian } from "stdnum/lib/cjs/hr/oib.js";
import { validate as irish } from "stdnum/lib/cjs/ie/pps.js";
import { validate as lithuanian } from "stdnum/lib/cjs/lt/asmens.js";
import { validate as norwegian } from "stdnum/lib/cjs/no/fodselsnummer.js";
import { validate as polishTax } from "stdnum/lib/cjs/pl/nip.js";
import { validate as portugueseCard } from "stdnum/lib/cjs/pt/cc.js";
import { validate as portuguese } from "stdnum/lib/cjs/pt/nif.js";
import { validate as romanian } from "stdnum/lib/cjs/ro/cnp.js";
import { validate as slovene } from "stdnum/lib/cjs/si/emso.js";
import { validate as turkish } from "stdnum/lib/cjs/tr/tckimlik.js";
import type { Pattern } from "../../patterns/pattern.ts";
import { checked } from "./national-id.ts";

export const europeanIds: readonly Pattern[] = [
  checked("at-svnr", "Austrian social security number", {
    hints: ["svnr", "sv-nummer", "vsnr", "versicherung"],
    pattern: /(?<!\d)[1-9]\d{3} ?\d{6}(?!\d)/g,
    words: /\b(?:SVNR|SV-Nummer|VSNR|sozialversicherung\w*|versicherungsnummer)\b/i,
    validate: austrian,
  }),
  checked("bg-egn", "Bulgarian citizen number", {
    hints: ["egn", "егн"],
    pattern: /(?<!\d)\d{10}(?!\d)/g,
    words: /\bEGN\b|ЕГН/i,
    validate: bulgarian,
  }),
  checked("ch-ahv", "Swiss social security number", {
    pattern: /(?<![\d.])756\.?\d{4}\.?\d{4}\.?\d{2}(?!\d)/g,
    validate: swiss,
  }),
  checked("cz-birth-number", "Czech birth number", {
    hints: ["rodn", "rč", "r. č", "r.č", "birth number", "r č"],
    pattern: /(?<!\d)\d{6}\/?\d{3,4}(?!\d)/g,
    words: /\br(?:odné|odne|\.) ?č(?:íslo|\.)?|\brodne cislo\b|\bRČ|\bbirth number\b/i,
    validate: czech,
  }),
  checked("de-pension", "German pension insurance number", {
    pattern: /(?<![A-Z0-9])\d{2} ?\d{6} ?[A-Z] ?\d{3}(?![A-Z0-9])/g,
    validate: germanPension,
  }),
  checked("dk-cpr", "Danish CPR number", {
    hints: ["cpr", "personnummer"],
    pattern: /(?<![\d-])(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])\d{2}-?\d{4}(?![\d-])/g,
    words: /\bCPR\b|personnummer/i,
    validate: danish,
  }),
  checked("ee-isikukood", "Estonian personal code", {
    hints: ["isikukood", "personal code"],
    pattern: /(?<!\d)[1-8]\d{10}(?!\d)/g,
    words: /isikukood|\bpersonal code\b/i,
    validate: estonian,
  }),
  checked("gb-utr", "UK taxpayer reference", {
    hints: ["utr", "taxpayer"],
    pattern: /(?<!\d)\d{5} ?\d{5}(?!\d)/g,
    words: /\bUTR\b|taxpayer reference/i,
    validate: britishTax,
  }),
  checked("gr-amka", "Greek social security number", {
    hints: ["amka", "αμκα"],
    pattern: /(?<!\d)\d{11}(?!\d)/g,
    words: /\bAMKA\b|ΑΜΚΑ/i,
    validate: greek,
  }),
  checked("hr-oib", "Croatian personal number", {
    hints: ["oib"],
    pattern: /(?<!\d)\d{11}(?!\d)/g,
    words: /\bOIB\b/i,
    validate: croatian,
  }),
  checked("ie-pps", "Irish PPS number", {
    hints: ["pps", "public service"],
    pattern: /(?<![A-Z0-9])\d{7}[A-W][A-IW]?(?![A-Z0-9])/g,
    words: /\bPPSN?\b|personal public service/i,
    validate: irish,
  }),
  checked("lt-asmens-kodas", "Lithuanian personal code", {
    hints: ["asmens"],
    pattern: /(?<!\d)[3-6]\d{10}(?!\d)/g,
    words: /asmens kod/i,
    validate: lithuanian,
  }),
  checked("no-fodselsnummer", "Norwegian identity number", {
    hints: ["dselsn", "personnummer", "fnr", "national identity"],
    pattern: /(?<!\d)\d{6} ?\d{5}(?!\d)/g,
    words: /f(?:ø|o|oe)dselsn(?:umme)?r|personnummer|\bfnr\b|\bnational identity\b/i,
    validate: norwegian,
  }),
  checked("pl-nip", "Polish tax number", {
    hints: ["nip"],
    pattern: /(?<!\d)\d{3}-?\d{3}-?\d{2}-?\d{2}(?!\d)/g,
    words: /\bNIP\b/i,
    validate: polishTax,
  }),
  checked("pt-citizen-card", "Portuguese citizen card number", {
    hints: ["cidad", "cc", "citizen card"],
    pattern: /(?<![A-Z0-9])\d{8} ?\d ?[A-Z0-9]{2}\d(?![A-Z0-9])/g,
    words: /cart(?:ã|a)o de cidad(?:ã|a)o|\bCC\b|citizen card/i,
    validate: portugueseCard,
  }),
  checked("pt-nif", "Portuguese tax number", {
    hints: ["nif", "contribuinte"],
    pattern: /(?<!\d)[1235689]\d{2} ?\d{3} ?\d{3}(?!\d)/g,
    words: /\bNIF\b|contribuinte/i,
    validate: portuguese,
  }),
  checked("ro-cnp", "Romanian personal number", {
    hints: ["cnp", "cod numeric"],
    pattern: /(?<!\d)[1-9]\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{6}(?!\d)/g,
    words: /\bCNP\b|cod numeric personal/i,
    validate: romanian,
  }),
  checked("si-emso", "Slovene citizen number", {
    hints: ["emšo", "emso"],
    pattern: /(?<!\d)(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])\d{3}50\d{4}(?!\d)/g,
    words: /\bEM(?:Š|S)O\b/i,
    validate: slovene,
  }),
  checked("tr-identity-number", "Turkish identity number", {
    hints: ["kimlik", "tckn"],
    pattern: /(?<!\d)[1-9]\d{10}(?!\d)/g,
    words: /\bT\.?C\.? ?kimlik|\bTCKN\b|kimlik no/i,
    validate: turkish,
  }),
];
