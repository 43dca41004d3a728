"""The checkpoint's files fit one another."""

import json
import struct
import unittest

from context import CHECKPOINT

MIB = 1 << 20


class CheckpointTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.config = json.loads((CHECKPOINT / "config.json").read_text(encoding="utf-8"))
        content = (CHECKPOINT / "model.safetensors").read_bytes()
        (length,) = struct.unpack("<Q", content[:8])
        cls.header = json.loads(content[8 : 8 + length])
        cls.header.pop("__metadata__")
        cls.data = len(content) - 8 - length

    def test_it_is_small(self):
        self.assertLessEqual(sum(path.stat().st_size for path in CHECKPOINT.iterdir()), 30 * MIB)

    def test_tensors_have_the_shapes_that_the_configuration_says(self):
        c = self.config
        hidden, inner, head = c["hidden_size"], c["intermediate_size"], c["head_dim"]
        queries, keys = c["num_attention_heads"] * head, c["num_key_value_heads"] * head
        expected = {"model.embed_tokens.weight": [c["vocab_size"], hidden], "model.norm.weight": [hidden]}
        for layer in range(c["num_hidden_layers"]):
            shapes = {
                "self_attn.q_proj": [queries, hidden],
                "self_attn.k_proj": [keys, hidden],
                "self_attn.v_proj": [keys, hidden],
                "self_attn.o_proj": [hidden, queries],
                "mlp.gate_proj": [inner, hidden],
                "mlp.up_proj": [inner, hidden],
                "mlp.down_proj": [hidden, inner],
                "input_layernorm": [hidden],
                "post_attention_layernorm": [hidden],
            }
            expected |= {f"model.layers.{layer}.{name}.weight": shape for name, shape in shapes.items()}
        self.assertEqual(expected, {name: entry["shape"] for name, entry in self.header.items()})
        self.assertTrue(c["tie_word_embeddings"])

    def test_tensors_are_bf16_and_cover_the_file(self):
        self.assertEqual({"BF16"}, {entry["dtype"] for entry in self.header.values()})
        at = 0
        for entry in sorted(self.header.values(), key=lambda entry: entry["data_offsets"]):
            elements = 1
            for size in entry["shape"]:
                elements *= size
            self.assertEqual([at, at + 2 * elements], entry["data_offsets"])
            at += 2 * elements
        self.assertEqual(self.data, at)

    def test_blocks_of_64_fit_every_linear(self):
        for name, entry in self.header.items():
            if name.endswith("_proj.weight"):
                self.assertEqual(0, entry["shape"][1] % 64, name)

    def test_the_tokenizer_has_the_vocabulary_of_the_model(self):
        tokenizer = json.loads((CHECKPOINT / "tokenizer.json").read_text(encoding="utf-8"))
        ids = set(tokenizer["model"]["vocab"].values()) | {token["id"] for token in tokenizer["added_tokens"]}
        self.assertEqual(set(range(self.config["vocab_size"])), ids)
        special = {token["content"]: token["id"] for token in tokenizer["added_tokens"]}
        self.assertEqual(self.config["bos_token_id"], special["<s>"])
        self.assertEqual(self.config["eos_token_id"], special["</s>"])


if __name__ == "__main__":
    unittest.main()
