/** Lists of stop words under ISO 639-3 codes. */
declare module "stopword";
