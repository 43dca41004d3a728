"""Records what transformers' apply_chat_template makes of templates of known shapes: expected texts of ChatTemplateTest.

  record.py OUT.json      (transformers and jinja2 of the versions printed into the file)

The templates are written here after the shapes that published instruct checkpoints have; none is a copy of one.
"""
import datetime
import json
import sys

import jinja2
import transformers
from transformers.utils import chat_template_utils


class FixedDate(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return cls(2024, 7, 26)


chat_template_utils.datetime = FixedDate

CHATML = """{%- if messages[0]['role'] == 'system' %}
    {{- '<|im_start|>system\\n' + messages[0]['content'] + '<|im_end|>\\n' }}
{%- else %}
    {{- '<|im_start|>system\\nYou are a helpful assistant.<|im_end|>\\n' }}
{%- endif %}
{%- for message in messages %}
    {%- if (message.role == "user") or (message.role == "system" and not loop.first) or (message.role == "assistant") %}
        {{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>' + '\\n' }}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|im_start|>assistant\\n' }}
{%- endif %}
"""
LLAMA2 = ("{% if messages[0]['role'] == 'system' %}{% set loop_messages = messages[1:] %}{% set system_message = messages[0]['content'] %}"
          "{% else %}{% set loop_messages = messages %}{% set system_message = false %}{% endif %}{% for message in loop_messages %}"
          "{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('roles must alternate user/assistant') }}{% endif %}"
          "{% if loop.index0 == 0 and system_message %}{% set content = '<<SYS>>\\n' + system_message + '\\n<</SYS>>\\n\\n' + message['content'] %}"
          "{% else %}{% set content = message['content'] %}{% endif %}{% if message['role'] == 'user' %}"
          "{{ bos_token + '[INST] ' + content | trim + ' [/INST]' }}{% elif message['role'] == 'assistant' %}"
          "{{ ' '  + content | trim + ' ' + eos_token }}{% endif %}{% endfor %}")
LLAMA3 = """{{- bos_token }}
{%- if not date_string is defined %}
    {%- if strftime_now is defined %}
        {%- set date_string = strftime_now("%d %b %Y") %}
    {%- else %}
        {%- set date_string = "01 Jan 2000" %}
    {%- endif %}
{%- endif %}

{%- if messages[0]['role'] == 'system' %}
    {%- set system_message = messages[0]['content']|trim %}
    {%- set messages = messages[1:] %}
{%- else %}
    {%- set system_message = "" %}
{%- endif %}

{{- "<|start_header_id|>system<|end_header_id|>\\n\\n" }}
{{- "Today Date: " + date_string + "\\n\\n" }}
{{- system_message }}
{{- "<|eot_id|>" }}
{%- for message in messages %}
    {{- '<|start_header_id|>' + message['role'] + '<|end_header_id|>\\n\\n'+ message['content'] | trim + '<|eot_id|>' }}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}
{%- endif %}
"""
INSTRUCTION = """{% if not add_generation_prompt is defined %}
{% set add_generation_prompt = false %}
{% endif %}
{%- set ns = namespace(found=false) -%}
{%- for message in messages -%}
    {%- if message['role'] == 'system' -%}
        {%- set ns.found = true -%}
    {%- endif -%}
{%- endfor -%}
{{bos_token}}{%- if not ns.found -%}
{{'You are an AI programming assistant.\\n'}}
{%- endif %}
{%- for message in messages %}
    {%- if message['role'] == 'system' %}
{{ message['content'] }}
    {%- else %}
        {%- if message['role'] == 'user' %}
{{'### Instruction:\\n' + message['content'] + '\\n'}}
        {%- else %}
{{'### Response:\\n' + message['content'] + '\\n<|EOT|>\\n'}}
        {%- endif %}
    {%- endif %}
{%- endfor %}
{% if add_generation_prompt %}
{{'### Response:'}}
{% endif %}"""
METHODS = """{# strings as Python has them #}
{%- set kinds = {"user": "USER", "assistant": "BOT"} %}
{% for message in messages %}
  {% if message.content.startswith('def ') and not message.content.endswith('x') %}
[{{ kinds[message.role] }}|{{ loop.index }}/{{ loop.length }}] {{ message.content.strip().upper().split('(')[-1] }} {{ message.content | length }}
  {% else %}
[{{ message.role.replace('user', 'User') }}] {{ message.content.lstrip('\\n').rstrip() | replace('b', 'B') }} {{ message | tojson }}
  {% endif %}
{% endfor %}
{{ ['a', 'é', 3, true, none] | tojson }} {{ "}}" ~ '%}' }}
"""
USER = [{"role": "user", "content": "Complete this code.\n\n```\ndef f(x):\n    \"\"\"Adds.\n```\n"}]
SYSTEM = [{"role": "system", "content": " Be brief. "}, *USER]
TURNS = [{"role": "user", "content": "def a(b, c):\n"}, {"role": "assistant", "content": "\n  ok  "}, {"role": "user", "content": "\n bé \"b\" \n"}]
CASES = [("chatml", CHATML, USER), ("chatml", CHATML, SYSTEM), ("chatml", CHATML, TURNS), ("llama2", LLAMA2, USER), ("llama2", LLAMA2, SYSTEM), ("llama2", LLAMA2, TURNS),
         ("llama3", LLAMA3, USER), ("llama3", LLAMA3, SYSTEM), ("instruction", INSTRUCTION, USER), ("instruction", INSTRUCTION, SYSTEM), ("instruction", INSTRUCTION, TURNS), ("methods", METHODS, TURNS)]


def main():
    cases = []
    for name, template, messages in CASES:
        rendered, _ = chat_template_utils.render_jinja_template(
            conversations=[messages], chat_template=template, add_generation_prompt=True, bos_token="<s>", eos_token="</s>")
        cases.append({"name": name, "template": template, "messages": messages, "expected": rendered[0]})
    with open(sys.argv[1], "w") as file:
        json.dump({"transformers": transformers.__version__, "jinja2": jinja2.__version__,
                   "call": "apply_chat_template(messages, tokenize=False, add_generation_prompt=True), datetime.now() = 2024-07-26",
                   "cases": cases}, file, indent=1, ensure_ascii=False)
        file.write("\n")


main()
