"""The transformers of the clip Transformers: two stacks alike but for where their norms stand.

Measured by

    atajos measure assets/networks/transformers.py:stack --input tokens:64:16 --vary norm_first=True,False \
        --loss cross-entropy --seeds 5 --name Transformer --out assets/networks/transformers.npz
"""

from torch import nn


def stack(norm_first: bool, layers: int = 6, width: int = 64, heads: int = 4, words: int = 64) -> nn.Module:
    """Attention and two linear layers, a sum behind each, no dropout; weights drawn as torch.nn.Transformer does.

    norm_first: LayerNorm before each branch, x + F(LN(x)), as in GPT-2, and one before the read-out; else behind each
    sum, LN(x + F(x)), as in Vaswani et al. 2017.
    """
    sizes = {"d_model": width, "nhead": heads, "dim_feedforward": 4 * width, "activation": "gelu"}
    blocks = [
        nn.TransformerEncoderLayer(**sizes, dropout=0.0, norm_first=norm_first, batch_first=True) for _ in range(layers)
    ]
    for weight in (one for block in blocks for one in block.parameters() if one.dim() > 1):
        nn.init.xavier_uniform_(weight)
    last = nn.LayerNorm(width) if norm_first else nn.Identity()
    return nn.Sequential(nn.Embedding(words, width), *blocks, last, nn.Linear(width, words))
