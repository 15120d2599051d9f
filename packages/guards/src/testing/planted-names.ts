import type { Draw } from "./random.ts";

/** Names that are common in a country, in the letters that its people write in English texts. */
export type NamedCountry = {
  readonly code: string;
  readonly given: readonly string[];
  readonly family: readonly string[];
  readonly places: readonly string[];
};

const country = (code: string, ...lists: readonly [string, string, string]): NamedCountry => {
  const [given, family, places] = lists.map((list) => list.split(", "));
  return { code, given: given ?? [], family: family ?? [], places: places ?? [] };
};

export const NAMED_COUNTRIES: readonly NamedCountry[] = [
  country(
    "US",
    "James, Mary, Robert, Patricia, Michael, Jennifer, William, Linda, David, Emily, Brandon, Ashley",
    "Smith, Johnson, Williams, Brown, Miller, Davis, Wilson, Anderson, Taylor, Thompson, Carter, Mitchell",
    "Chicago, Boston, Seattle, Denver, Houston, Portland, Ohio, California",
  ),
  country(
    "GB",
    "Oliver, Amelia, George, Isla, Harry, Poppy, Alfie, Freya, Callum, Imogen, Nigel, Gemma",
    "Jones, Evans, Walker, Wright, Hughes, Clarke, Ward, Bennett, Fletcher, Barnes, Pemberton, Shaw",
    "London, Manchester, Leeds, Bristol, Glasgow, Cardiff, Norwich, Wales",
  ),
  country(
    "DE",
    "Lukas, Hannah, Stefan, Sabine, Jürgen, Ingrid, Florian, Katharina, Uwe, Anja, Matthias, Heike",
    "Müller, Schmidt, Schneider, Fischer, Weber, Wagner, Becker, Hoffmann, Schäfer, Zimmermann, Krüger, Vogel",
    "Berlin, Hamburg, Munich, Cologne, Leipzig, Bremen, Bavaria, Saxony",
  ),
  country(
    "FR",
    "Camille, Lucas, Chloé, Hugo, Manon, Antoine, Juliette, Mathieu, Élodie, Thierry, Solène, Guillaume",
    "Martin, Bernard, Dubois, Moreau, Laurent, Lefebvre, Girard, Rousseau, Fournier, Mercier, Chevalier, Gauthier",
    "Paris, Lyon, Marseille, Toulouse, Nantes, Lille, Brittany, Normandy",
  ),
  country(
    "ES",
    "Alejandro, Lucía, Javier, Carmen, Pablo, Sofía, Sergio, Elena, Álvaro, Marta, Iker, Nuria",
    "García, Fernández, López, Martínez, Sánchez, Pérez, Gómez, Ruiz, Jiménez, Navarro, Ortega, Iglesias",
    "Madrid, Barcelona, Seville, Valencia, Bilbao, Granada, Andalusia, Catalonia",
  ),
  country(
    "IT",
    "Marco, Giulia, Alessandro, Chiara, Lorenzo, Francesca, Matteo, Martina, Davide, Elisa, Giovanni, Paola",
    "Rossi, Russo, Ferrari, Esposito, Bianchi, Romano, Colombo, Ricci, Marino, Greco, Conti, Lombardi",
    "Rome, Milan, Naples, Turin, Florence, Venice, Sicily, Tuscany",
  ),
  country(
    "NL",
    "Daan, Sanne, Jeroen, Femke, Bram, Lotte, Maarten, Anouk, Ruben, Marijke, Thijs, Willemijn",
    "de Jong, Jansen, de Vries, van den Berg, Bakker, Visser, Smit, Meijer, Mulder, de Boer, Dekker, Hendriks",
    "Amsterdam, Rotterdam, Utrecht, Eindhoven, Groningen, Leiden, Friesland, Zeeland",
  ),
  country(
    "PL",
    "Jakub, Zuzanna, Mateusz, Agnieszka, Piotr, Katarzyna, Tomasz, Magdalena, Wojciech, Joanna, Łukasz, Ewa",
    "Nowak, Kowalski, Wiśniewski, Wójcik, Kamiński, Lewandowski, Zieliński, Szymański, Dąbrowski, Mazur, Krawczyk, Pawlak",
    "Warsaw, Kraków, Łódź, Wrocław, Poznań, Gdańsk, Silesia, Lublin",
  ),
  country(
    "SE",
    "Erik, Astrid, Lars, Elsa, Johan, Linnea, Oskar, Saga, Gustav, Ebba, Björn, Annika",
    "Andersson, Johansson, Karlsson, Nilsson, Eriksson, Larsson, Svensson, Lindberg, Bergström, Sandberg, Nyström, Holm",
    "Stockholm, Gothenburg, Malmö, Uppsala, Örebro, Lund, Scania, Lapland",
  ),
  country(
    "BR",
    "João, Maria, Thiago, Beatriz, Rafael, Juliana, Caio, Larissa, Mateus, Fernanda, Vinícius, Letícia",
    "Silva, Santos, Oliveira, Souza, Lima, Pereira, Ferreira, Costa, Ribeiro, Almeida, Carvalho, Barbosa",
    "São Paulo, Rio de Janeiro, Brasília, Salvador, Fortaleza, Recife, Curitiba, Bahia",
  ),
  country(
    "IN",
    "Aarav, Priya, Rohan, Ananya, Vikram, Deepika, Arjun, Kavita, Sanjay, Lakshmi, Rahul, Meera",
    "Sharma, Patel, Singh, Kumar, Gupta, Reddy, Iyer, Mehta, Nair, Chatterjee, Desai, Banerjee",
    "Mumbai, Delhi, Bangalore, Chennai, Kolkata, Hyderabad, Kerala, Gujarat",
  ),
  country(
    "AU",
    "Jack, Charlotte, Lachlan, Matilda, Cooper, Zoe, Angus, Tahlia, Darcy, Bronte, Hamish, Kylie",
    "Kelly, Murphy, Ryan, O'Brien, Campbell, Harris, Robinson, Watson, Cook, Morgan, Stewart, Nguyen",
    "Sydney, Melbourne, Brisbane, Perth, Adelaide, Hobart, Queensland, Tasmania",
  ),
];

/** A name in a text, with its place. */
export type PlantedName = {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly kind: NamedKind;
};
type NamedKind = "person" | "given name" | "place" | "unlisted";

/** Sentences of mail, forms, chats and notes. A name stands where `@` is. */
const ABOUT_PEOPLE = [
  "My name is @ and I would like to change my booking.",
  "Please send the contract to @ before Friday.",
  "@ called about the invoice of last month.",
  "Hi, this is @ from the sales team.",
  "The meeting with @ was moved to Tuesday.",
  "According to @, the delivery never arrived.",
  "Patient: @, admitted on 3 March with a fever.",
  "Dear @, thank you for your application.",
  "We spoke with @ and her lawyer about the claim.",
  "Kind regards, @",
  "I asked @ to review the second chapter.",
  "The account holder @ reported a stolen card.",
];
const ABOUT_PLACES = [
  "I live in @ and work from home.",
  "We are moving from @ to the coast next year.",
  "The parcel was last seen in @ on Monday.",
  "Our office in @ is closed today.",
  "She was born in @ and studied law.",
  "How is the weather in @ in spring?",
  "The train to @ leaves at noon.",
  "He flew to @ for the conference.",
];

/** Sentences without names, with words that are written like names. */
export const WITHOUT_NAMES = [
  "May I ask you to mark the page and will you grant me access?",
  "The Bill was passed in March, and Will is a verb here.",
  "Please run npm install and restart Docker, Redis and Nginx.",
  "Python and Java are languages, and Apache is a licence.",
  "Summarize the Annual Report and list the Key Results of the Quarter.",
  "The API returns JSON. Use the Authorization header with a Bearer token.",
  "On Monday, the Monday Report goes to the Board of Directors.",
  "Select the Settings tab, then Privacy, and click Save.",
  "What is the Capital Gains Tax for a Limited Company?",
  "Use gpt-5.4-nano or Claude for the summary, and Gemini for images.",
  "The Rose Garden opens in June; the Lily and the Daisy bloom first.",
  "My Visa card and my Mastercard were declined at the ATM.",
  "Error: Cannot read property of undefined in Main.render.",
  "Translate Good Morning and Happy Birthday into other languages.",
  "Turn left at the Old Bridge and follow Main Street.",
  "Chapter Two describes Faith, Hope and Charity as virtues.",
];

const ROUNDS = 120;

/** Sentences with the names of a country: whole names of people, given names alone, and places. */
export function* plantNames({ given, family, places }: NamedCountry, draw: Draw): Generator<PlantedName> {
  for (let round = 0; round < ROUNDS; round++) {
    yield plant(draw.from(ABOUT_PEOPLE), `${draw.from(given)} ${draw.from(family)}`, "person");
    if (round % 3 === 0) yield plant(draw.from(ABOUT_PEOPLE), draw.from(given), "given name");
    if (round % 2 === 0) yield plant(draw.from(ABOUT_PLACES), draw.from(places), "place");
  }
}

const SYLLABLES = ["bro", "dal", "fen", "gri", "hol", "kez", "lum", "mor", "nev", "pril", "tas", "vuk", "wex", "zor"];
const invented = (draw: Draw) => {
  const word = draw.from(SYLLABLES) + draw.from(SYLLABLES);
  return word.slice(0, 1).toUpperCase() + word.slice(1);
};

/** Sentences with names that are in no list. */
export function* plantUnlisted(draw: Draw): Generator<PlantedName> {
  for (let round = 0; round < ROUNDS; round++)
    yield plant(draw.from(ABOUT_PEOPLE), `${invented(draw)} ${invented(draw)}`, "unlisted");
}

function plant(sentence: string, name: string, kind: NamedKind): PlantedName {
  const start = sentence.indexOf("@");
  return { text: sentence.replace("@", () => name), start, end: start + name.length, kind };
}
