import type { Topic } from "./topic.ts";

export const orderTopics: readonly [Topic, ...Topic[]] = [
  {
    intent: "order_status",
    turns: [
      {
        user: "Hi, I ordered a Fjell 2 tent last week and have heard nothing since. Order {order}. Where is it?",
        assistant:
          "Hello {name}! Your Fjell 2 tent left our warehouse on {date} and is with the carrier now. It is due in one to two working days, and the tracking link is in the message we sent when it shipped.",
      },
      {
        user: "The tracking page has not changed for two days though.",
        assistant:
          "That happens while a parcel travels between two depots: it is only scanned again when it arrives. If it has not moved by the end of tomorrow, write to me here and I will open a search with the carrier for you.",
      },
    ],
    documents: [
      {
        title: "Tracking a parcel",
        text: "The link in the shipping message shows each scan. Between depots a parcel can go two working days without one.",
      },
      { title: "Delivery times", text: "Standard delivery takes two to four working days, express one." },
    ],
    tool: {
      name: "get_order",
      arguments: { order_id: "{order}" },
      result: { status: "shipped", carrier: "Postline", shipped_on: "{date}", items: ["Fjell 2 tent"] },
    },
  },
  {
    intent: "change_address",
    turns: [
      {
        user: "I moved! Can order {order} still go to my new address? 14 Harbour Lane, second floor.",
        assistant:
          "It can: the order is still being packed. I have changed the address to 14 Harbour Lane, second floor, and you will get a confirmation in a minute. Everything else stays as it was.",
      },
    ],
    documents: [
      {
        title: "Changing an order",
        text: "Address and items can be changed until the parcel is handed to the carrier.",
      },
    ],
    tool: {
      name: "update_shipping_address",
      arguments: { order_id: "{order}", street: "14 Harbour Lane" },
      result: { updated: true, status: "packing" },
    },
  },
  {
    intent: "cancel_order",
    turns: [
      {
        user: "please cancel {order}, i found the same stove cheaper",
        assistant:
          "Done, {name}: order {order} is cancelled and the money goes back to your card within three to five working days. If the other offer is from a shop in the same country, we would also have matched its price.",
      },
      {
        user: "Oh. Can you match it now, then?",
        assistant:
          "Gladly. Send me a link to the other offer; when the stove is in stock there, I will make you a new order at that price.",
      },
    ],
    documents: [
      {
        title: "Cancelling",
        text: "You can cancel an order immediately until it ships. Refunds take three to five working days.",
      },
      {
        title: "Price match",
        text: "We match a lower price of a shop in the same country while the item is in stock there.",
      },
    ],
    tool: {
      name: "cancel_order",
      arguments: { order_id: "{order}" },
      result: { cancelled: true, refund: 89.0, currency: "EUR" },
    },
  },
  {
    intent: "missing_item",
    turns: [
      {
        user: "My parcel came today but the gas cartridges are not in it. Order {order}.",
        assistant:
          "I am sorry, that must be annoying. Gas cartridges are shipped separately, because carriers only take them by road. Yours left on {date} and should arrive within four working days. Nothing is lost.",
      },
    ],
    documents: [
      {
        title: "Dangerous goods",
        text: "Gas and fuel are shipped separately by road, which takes up to four working days longer.",
      },
    ],
    tool: {
      name: "get_order",
      arguments: { order_id: "{order}" },
      result: { status: "partly delivered", open_items: ["gas cartridge 230 g"], shipped_on: "{date}" },
    },
  },
  {
    intent: "damaged_item",
    turns: [
      {
        user: "One pole of the tent is bent right out of the box. I leave for Lapland on Friday!!",
        assistant:
          "That should not happen, and there is time to fix it. I have ordered a new pole set by express: it will arrive tomorrow before noon. Keep the bent pole, you do not need to return it. Have a great trip, {name}!",
      },
      {
        user: "Wow, thank you. Do I have to be at home for it?",
        assistant: "No, it fits through a letter box. The carrier will leave it there and send you a message.",
      },
    ],
    documents: [
      {
        title: "Damaged on arrival",
        text: "Within 14 days we replace damaged parts by express and free of charge. Small parts need not be returned.",
      },
    ],
    tool: {
      name: "create_replacement",
      arguments: { order_id: "{order}", part: "pole set" },
      result: { shipment: "express", arrives: "tomorrow" },
    },
  },
  {
    intent: "invoice",
    turns: [
      {
        user: "I need an invoice with our company's VAT number for {order}.",
        assistant:
          "The invoice for {order} with your VAT number is on its way to your inbox. You can also download it at any time under Orders, then Documents.",
      },
    ],
    documents: [{ title: "Invoices", text: "A VAT number can be added to an invoice within 30 days of the order." }],
    tool: { name: "issue_invoice", arguments: { order_id: "{order}" }, result: { sent: true } },
  },
];
