import type { Topic } from "./topic.ts";

export const adviceTopics: readonly [Topic, ...Topic[]] = [
  {
    intent: "return_policy",
    turns: [
      {
        user: "Can I return boots that I wore once, inside the flat?",
        assistant:
          "Yes. Boots that were tried on indoors can come back within 60 days, as long as the soles are clean. Start the return under Orders and you get a label to print or a code for the parcel shop.",
      },
      {
        user: "And if the box got wet and I threw it away?",
        assistant:
          "That is fine. Any sturdy box will do; please do not stick the label on the boots' own box if you still have it.",
      },
    ],
    documents: [
      {
        title: "Returns",
        text: "60 days from delivery, unused or tried on indoors. The warranty covers used equipment.",
      },
      {
        title: "Return labels",
        text: "A label or a code is made under Orders, then Return. It is free within the EU.",
      },
    ],
    tool: null,
  },
  {
    intent: "sizing",
    turns: [
      {
        user: "I wear 42 in running shoes, which size of the Skarven boots?",
        assistant:
          "Take a 43 in the Skarven: it is cut a little short, and you want a finger's width in front of your toes when walking downhill with thick socks. If you are between two widths, choose the wide one.",
      },
    ],
    documents: [
      {
        title: "Boot sizes",
        text: "Skarven runs half a size short. For hiking boots allow about one centimetre in front of the toes.",
      },
    ],
    tool: null,
  },
  {
    intent: "product_advice",
    turns: [
      {
        user: "Which sleeping bag for October in the Alps, huts and a few nights outside? I get cold easily.",
        assistant:
          "For nights around freezing I would take the Dovre 500, if you get cold easily. Its comfort limit is -6 °C, it weighs 1,050 g and it stays warm when a little damp. In the huts you can use it open as a blanket. The Dovre 300 is lighter, but its comfort limit of 2 °C leaves no reserve.",
      },
      {
        user: "Is the 500 down or synthetic?",
        assistant:
          "It is 650-fill down in a water-repellent shell. If you expect several wet days without a chance to dry it, the synthetic Dovre S at 1,480 g is the safer choice.",
      },
      {
        user: "Then the down one. Does it come in long?",
        assistant:
          "Yes, the long version fits people up to 195 cm and weighs 90 g more. It is in stock in both colours.",
      },
    ],
    documents: [
      {
        title: "Choosing a sleeping bag",
        text: "Plan with the comfort limit, not the extreme one, and add five degrees if you get cold easily.",
      },
      {
        title: "Dovre series",
        text: "Dovre 300: 2 °C, 780 g. Dovre 500: -6 °C, 1,050 g. Dovre S: synthetic, -4 °C, 1,480 g.",
      },
    ],
    tool: {
      name: "search_products",
      arguments: { query: "sleeping bag -5 comfort" },
      result: {
        items: [
          { sku: "DV-500", stock: 31 },
          { sku: "DV-S", stock: 12 },
        ],
      },
    },
  },
  {
    intent: "warranty",
    turns: [
      {
        user: "The zip of my three year old jacket broke. Is that covered?",
        assistant:
          "Zips are covered for five years, so yes. Send us a photo of the zip and of the label inside the jacket. If we can repair it, we do so within ten working days. Otherwise you get a new jacket.",
      },
    ],
    documents: [
      {
        title: "Warranty",
        text: "Five years on seams, zips and poles. Repair comes first, replacement when a repair is not possible.",
      },
    ],
    tool: null,
  },
  {
    intent: "care",
    turns: [
      {
        user: "How do I wash a rain jacket without ruining the coating?",
        assistant:
          "Close all zips and wash at 30 °C with a liquid detergent for waterproof fabrics, without softener. Rinse twice, then tumble dry for 20 minutes at low heat. The warmth restores the water-repellent finish. Once drops no longer bead, spray the outside with a new finish.",
      },
    ],
    documents: [
      { title: "Washing waterproof jackets", text: "30 °C, no softener, rinse twice. Low heat restores the finish." },
    ],
    tool: null,
  },
  {
    intent: "store_hours",
    turns: [
      {
        user: "are you open on sunday in the harbour store",
        assistant:
          "The harbour store is closed on Sundays. It is open Monday to Saturday from 10:00 to 19:00, and until 20:00 on Thursdays.",
      },
    ],
    documents: [{ title: "Stores", text: "Harbour: Mon to Sat 10 to 19, Thu to 20. Old Town: Mon to Sat 9 to 18." }],
    tool: null,
  },
  {
    intent: "loyalty_points",
    turns: [
      {
        user: "My points from the last order never showed up.",
        assistant:
          "They are there now, {name}: points are added when the return period of an order is over. You have 412 points, which is 20 euros off your next order.",
      },
    ],
    documents: [
      { title: "Points", text: "One point for each euro, added 60 days after delivery. 200 points are 10 euros." },
    ],
    tool: { name: "get_customer", arguments: { field: "points" }, result: { points: 412, pending: 0 } },
  },
];
