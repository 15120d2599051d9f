type Field = readonly [field: number, content: number | string | Buffer | readonly Field[]];

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  do {
    bytes.push(rest > 127 ? (rest % 128) + 128 : rest);
    rest = Math.floor(rest / 128);
  } while (rest > 0);
  return Buffer.from(bytes);
}

/** Fields as protobuf writes them: numbers, texts, bytes, and messages of fields. */
export function protobuf(fields: readonly Field[]): Buffer {
  return Buffer.concat(
    fields.map(([field, content]) => {
      if (typeof content === "number") return Buffer.concat([varint(field * 8), varint(content)]);
      const body =
        typeof content === "string" ? Buffer.from(content) : Buffer.isBuffer(content) ? content : protobuf(content);
      return Buffer.concat([varint(field * 8 + 2), varint(body.length), body]);
    }),
  );
}

type Model = {
  readonly domain?: string;
  /** Where its weights lie; within the file when it is left out. */
  readonly location?: string;
  /** Graphs within graphs, as loops have them, around the weights. */
  readonly depth?: number;
};

/** An ONNX model of one operator and one weight. */
export function onnx({ domain = "", location, depth = 0 }: Model = {}): Buffer {
  const kept: Field[] =
    location === undefined
      ? [[9, Buffer.alloc(8)]]
      : [
          [
            13,
            [
              [1, "location"],
              [2, location],
            ],
          ],
          [14, 1],
        ];
  const tensor: Field = [5, [[1, 2], [2, 1], [8, "w"], ...kept]];
  const node: Field = [
    1,
    [
      [1, "x"],
      [2, "y"],
      [4, "Add"],
    ],
  ];
  let graph: Field[] = [node, tensor];
  for (let level = 0; level < depth; level++)
    graph = [
      [
        1,
        [
          [4, "Loop"],
          [
            5,
            [
              [1, "body"],
              [6, graph],
            ],
          ],
        ],
      ],
    ];
  return protobuf([
    [1, 8],
    [2, "a test"],
    [7, graph],
    [
      8,
      [
        [1, domain],
        [2, 17],
      ],
    ],
  ]);
}
