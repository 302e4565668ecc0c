"""GPT-2 and Llama as their library builds them, against the same written by hand, with shortcuts and without."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Callable

os.environ["HF_HUB_OFFLINE"] = "1"  # the weights are random: there is nothing to fetch

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from sim.nets import measure
from sim.own.inputs import batch_of, sender
from sim.own.prepare import prepare
from sim.records.record import PLAIN, RESIDUAL

WORDS, LENGTH, WIDTH, HEADS, LAYERS = 17, 5, 8, 2, 3
Weights = dict[str, Tensor]
States = list[Tensor]
ENDS = {"bos_token_id": 0, "eos_token_id": 1}


def gpt2() -> nn.Module:
    from transformers import GPT2Config, GPT2LMHeadModel  # a second and a half that not every process need spend

    sizes = {"vocab_size": WORDS, "n_positions": LENGTH, "n_embd": WIDTH, "n_layer": LAYERS, "n_head": HEADS}
    return GPT2LMHeadModel(GPT2Config(**sizes, **ENDS))


def llama() -> nn.Module:
    from transformers import LlamaConfig, LlamaForCausalLM

    sizes = {"vocab_size": WORDS, "hidden_size": WIDTH, "intermediate_size": 12, "num_hidden_layers": LAYERS}
    return LlamaForCausalLM(LlamaConfig(**sizes, num_attention_heads=HEADS, num_key_value_heads=1, **ENDS))


def close(found: object, expected: object) -> None:
    np.testing.assert_allclose(found, expected, rtol=1e-12)


def heads(x: Tensor, count: int) -> Tensor:
    return x.view(*x.shape[:2], count, -1).transpose(1, 2)


def attention(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    """Causal attention, written out (Vaswani et al. 2017, eq. 1)."""
    score = q @ k.transpose(2, 3) / math.sqrt(q.shape[-1])
    later = torch.ones(LENGTH, LENGTH, dtype=torch.bool).triu(1)
    out = score.masked_fill(later, -torch.inf).softmax(-1) @ v
    return out.transpose(1, 2).flatten(2)


def stream(x: Tensor, branches: list[Callable[[Tensor], Tensor]], skip: int, states: States) -> Tensor:
    """The residual stream through some branches; without shortcuts, nothing but these."""
    for branch in branches:
        states.append(x)
        x = x + branch(x) if skip == RESIDUAL else branch(x)
    states.append(x)
    return x


def gpt2_by_hand(w: Weights, ids: Tensor, skip: int, states: States) -> Tensor:
    """Radford et al. 2019: layer norms in front, learned positions, the embedding as read-out."""

    def affine(x: Tensor, name: str) -> Tensor:
        return x @ w[f"{name}.weight"] + w[f"{name}.bias"]

    def norm(x: Tensor, name: str) -> Tensor:
        return functional.layer_norm(x, (WIDTH,), w[f"{name}.weight"], w[f"{name}.bias"], 1e-5)

    def attend(at: str) -> Callable[[Tensor], Tensor]:
        def branch(x: Tensor) -> Tensor:
            q, k, v = (heads(one, HEADS) for one in affine(norm(x, f"{at}.ln_1"), f"{at}.attn.c_attn").split(WIDTH, 2))
            return affine(attention(q, k, v), f"{at}.attn.c_proj")

        return branch

    def think(at: str) -> Callable[[Tensor], Tensor]:
        def branch(x: Tensor) -> Tensor:
            inner = affine(norm(x, f"{at}.ln_2"), f"{at}.mlp.c_fc")
            return affine(functional.gelu(inner, approximate="tanh"), f"{at}.mlp.c_proj")

        return branch

    x = w["transformer.wte.weight"][ids] + w["transformer.wpe.weight"]
    layers = [f"transformer.h.{index}" for index in range(LAYERS)]
    x = stream(x, [part(at) for at in layers for part in (attend, think)], skip, states)
    return norm(x, "transformer.ln_f") @ w["transformer.wte.weight"].T


def llama_by_hand(w: Weights, ids: Tensor, skip: int, states: States) -> Tensor:
    """Touvron et al. 2023: RMS norms (in float32, as the library has them) in front, rotary positions, SwiGLU."""
    own = WIDTH // HEADS
    turns = torch.arange(LENGTH)[:, None].float() / 10000.0 ** (torch.arange(0, own, 2).float() / own)
    cos, sin = (part(turns).repeat(1, 2).double() for part in (torch.cos, torch.sin))

    def norm(x: Tensor, name: str) -> Tensor:
        low = x.float()
        return w[f"{name}.weight"] * (low * (low.pow(2).mean(-1, keepdim=True) + 1e-6).rsqrt()).double()

    def turned(x: Tensor) -> Tensor:
        a, b = x.chunk(2, -1)
        return x * cos + torch.cat((-b, a), -1) * sin

    def attend(at: str) -> Callable[[Tensor], Tensor]:
        def branch(x: Tensor) -> Tensor:
            x = norm(x, f"{at}.input_layernorm")
            q, k, v = (x @ w[f"{at}.self_attn.{one}_proj.weight"].T for one in "qkv")
            k, v = (heads(one, 1).expand(-1, HEADS, -1, -1) for one in (k, v))  # shared by all queries
            return attention(turned(heads(q, HEADS)), turned(k), v) @ w[f"{at}.self_attn.o_proj.weight"].T

        return branch

    def think(at: str) -> Callable[[Tensor], Tensor]:
        def branch(x: Tensor) -> Tensor:
            x = norm(x, f"{at}.post_attention_layernorm")
            gate, up = (x @ w[f"{at}.mlp.{one}_proj.weight"].T for one in ("gate", "up"))
            return (functional.silu(gate) * up) @ w[f"{at}.mlp.down_proj.weight"].T

        return branch

    layers = [f"model.layers.{index}" for index in range(LAYERS)]
    branches = [part(at) for at in layers for part in (attend, think)]
    x = stream(w["model.embed_tokens.weight"][ids], branches, skip, states)
    return norm(x, "model.norm") @ w["lm_head.weight"].T


@pytest.mark.parametrize(("build", "by_hand"), [(gpt2, gpt2_by_hand), (llama, llama_by_hand)], ids=["gpt2", "llama"])
def test_a_transformer_s_plain_twin_by_hand(
    build: Callable[[], nn.Module], by_hand: Callable[[Weights, Tensor, int, States], Tensor]
) -> None:
    spec = f"tokens:{WORDS}:{LENGTH}"
    record = measure(build, spec, examples=3)
    assert [block["kind"] for block in record.blocks] == ["identity"] * (2 * LAYERS) and list(record.tail) == []
    batch = batch_of(spec, 0, 3)
    first = r"ln_1|attn|input_layernorm|self_attn"
    of_branch = [rf"(?:{first})\b.*", rf"(?!{first}).*"]
    branch_names = [re.compile(rf".*\.{index}\.{part}") for index in range(LAYERS) for part in of_branch]
    for skip in (PLAIN, RESIDUAL):
        weights, states = dict(prepare(build, 0, torch.float64).named_parameters()), States()
        out = by_hand(weights, batch.args[0], skip, states)
        inside = [name for name in weights if ".h." in name or ".layers." in name]
        found = torch.autograd.grad(
            out, [*states, *(weights[name] for name in inside)], sender("random", batch, 0)(out)
        )
        close(record.gradient_signal[skip, 0], [float(one.norm()) / math.sqrt(3) for one in found[: len(states)]])
        close(record.activation_rms[skip, 0], [float(one.detach().square().mean().sqrt()) for one in states])
        squares = [0.0] * len(branch_names)
        for name, one in zip(inside, found[len(states) :], strict=True):
            squares[next(i for i, own in enumerate(branch_names) if own.fullmatch(name))] += float(one.square().sum())
        close(record.weight_gradient[skip, 0], np.sqrt(squares))
