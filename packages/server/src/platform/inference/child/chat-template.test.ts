import { describe, expect, test } from "vitest";
import { createChatTemplate } from "./chat-template.ts";

const PLAIN =
  "{% for m in messages %}[{{ m.role }}]{{ m.content }}{% endfor %}{% if add_generation_prompt %}[assistant]{% endif %}";
const WITH_TOOLS =
  "{% if tools %}TOOLS{% for t in tools %}<{{ t.function.name }}>{% endfor %}{% endif %}{% for m in messages %}[{{ m.role }}]{{ m.content }}" +
  "{% for c in m.tool_calls or [] %}({{ c.function.name }} {{ c.function.arguments | tojson }}){% endfor %}{% endfor %}";
const of = (text: string, systemPrompt: string | null = null) =>
  createChatTemplate({ text, bos: "<s>", eos: "</s>", systemPrompt });
const tool = { name: "weather", description: "The weather", parameters: { type: "object" } };

describe("a conversation", () => {
  test("is put into the model's own template up to where the model answers", () => {
    expect(
      of(PLAIN).render(
        [
          { role: "system", text: "Be brief." },
          { role: "user", text: "Hi" },
        ],
        [],
      ),
    ).toBe("[system]Be brief.[user]Hi[assistant]");
    expect(
      of("{{ bos_token }}{{ messages[0].content }}{{ eos_token }}").render([{ role: "user", text: "Hi" }], []),
    ).toBe("<s>Hi</s>");
  });

  test("without a system message gets the model's default, and retains its own", () => {
    expect(of(PLAIN, "Help.").render([{ role: "user", text: "Hi" }], [])).toBe("[system]Help.[user]Hi[assistant]");
    expect(
      of(PLAIN, "Help.").render(
        [
          { role: "system", text: "Own." },
          { role: "user", text: "Hi" },
        ],
        [],
      ),
    ).toBe("[system]Own.[user]Hi[assistant]");
    expect(
      of(PLAIN, "Help.").render(
        [
          { role: "system", text: "" },
          { role: "user", text: "Hi" },
        ],
        [],
      ),
    ).toBe("[system][user]Hi[assistant]");
  });

  test("that the template refuses is an error in the template's words", () => {
    const strict = "{{ raise_exception('roles must alternate') }}";
    expect(() => of(strict).render([{ role: "user", text: "a" }], [])).toThrow(
      expect.objectContaining({ code: "invalid_request", message: expect.stringContaining("roles must alternate") }),
    );
  });

  test("a template that cannot be read says so when the model is loaded", () => {
    expect(() => of("{% for %}")).toThrow(expect.objectContaining({ code: "unprocessable" }));
  });
});

describe("tools", () => {
  test("are given to a template that knows them, with earlier calls and their results", () => {
    const text = of(WITH_TOOLS).render(
      [
        { role: "user", text: "Rome?" },
        { role: "assistant", text: "", toolCalls: [{ id: "c1", name: "weather", arguments: '{"city":"Rome"}' }] },
        { role: "tool", text: "sunny", toolCallId: "c1" },
      ],
      [tool],
    );
    expect(text).toBe('TOOLS<weather>[user]Rome?[assistant](weather {"city": "Rome"})[tool]sunny');
  });

  test("are described in the system message where the template knows nothing of them", () => {
    const text = of(PLAIN).render(
      [
        { role: "system", text: "Be brief." },
        { role: "user", text: "Rome?" },
        { role: "assistant", text: "", toolCalls: [{ id: "c1", name: "weather", arguments: '{"city":"Rome"}' }] },
        { role: "tool", text: "sunny", toolCallId: "c1" },
      ],
      [tool],
    );
    expect(text).toContain("[system]Be brief.\n\nYou can call these tools");
    expect(text).toContain('{"name":"weather","description":"The weather","parameters":{"type":"object"}}');
    expect(text).toContain(
      '[assistant]<tool_call>{"name": "weather", "arguments": {"city":"Rome"}}</tool_call>[user]<tool_response>\nsunny\n</tool_response>',
    );
  });
});
