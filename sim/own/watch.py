"""A network's forward pass, watched: every sum of two tensors is handed to somebody, who may do it another way.

Execution is eager and nothing is traced symbolically, so control flow in Python, sums in place and Functions of one's
own pass. Checkpoints are run through directly, as their second forward pass would hide the graph.
"""

from __future__ import annotations

import contextlib
import itertools
import linecache
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd.graph import Node, get_gradient_edge
from torch.overrides import TorchFunctionMode
from torch.utils import checkpoint

Address = tuple[Any, ...]  # module, its how manieth call, what in there
OnSum = Callable[[Address, Callable[..., Any], tuple[Any, ...], dict[str, Any]], Any]

ADD = {torch.add, Tensor.add, Tensor.__add__, Tensor.__radd__}
ADD_IN_PLACE = {Tensor.add_, Tensor.__iadd__}
SUB = {torch.sub, torch.subtract, Tensor.sub, Tensor.subtract, Tensor.__sub__}
SUB_IN_PLACE = {Tensor.sub_, Tensor.subtract_, Tensor.__isub__}
IN_PLACE = ADD_IN_PLACE | SUB_IN_PLACE
DIFFERENCES = SUB | SUB_IN_PLACE
SUMS = ADD | DIFFERENCES | ADD_IN_PLACE
ASIDE = {"__get__", "__set__", "requires_grad_", "size", "dim", "is_floating_point", "register_hook"}

HERE, TORCH = f"{Path(__file__).parent}{os.sep}", f"{Path(torch.__file__).parent}{os.sep}"
MODULES = f"{TORCH}nn{os.sep}modules{os.sep}"  # some have sums of their own: TransformerEncoderLayer


class Watch(TorchFunctionMode):
    """The passes of one network. trail: the names of all functions called; made: which call made a node's output.

    wanted: what to do with a tensor as it is made, by the address of the call (see `made`).
    """

    def __init__(self, net: nn.Module, on_sum: OnSum) -> None:
        super().__init__()
        self.names = {module: name for name, module in net.named_modules()}
        self.on_sum = on_sum
        self.stack: list[Address] = [("", 0)]
        self.calls: Counter[str] = Counter()
        self.sums: Counter[Address] = Counter()
        self.ops: Counter[Address] = Counter()
        self.made: dict[tuple[Node, int], Address] = {}
        self.wanted: dict[Address, Callable[[Tensor], None]] = {}
        self.trail: list[str] = []

    def run(self, net: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """The network's output, with its graph. Raises whatever the network raises."""
        module = nn.modules.module
        entered = module.register_module_forward_pre_hook(self._enter)
        left = module.register_module_forward_hook(self._leave, always_call=True)
        try:
            for index, value in enumerate((*args, *kwargs.values())):
                self.note(("input", index), value)
            with torch.enable_grad(), _direct_checkpoints(), _uncompiled(), self:
                return net(*args, **kwargs)
        finally:
            entered.remove()
            left.remove()

    def _enter(self, module: nn.Module, args: Any) -> None:
        name = self.names.get(module, "")
        self.calls[name] += 1
        self.stack.append((name, self.calls[name]))

    def _leave(self, module: nn.Module, args: Any, out: Any) -> None:
        self.note((*self.stack.pop(), "out"), out)

    def note(self, address: Address, out: Any) -> None:
        """Remember who made what a gradient can come back to."""
        for index, value in enumerate(out if isinstance(out, tuple | list) else (out,)):
            if isinstance(value, Tensor) and value.requires_grad and value.is_floating_point():
                edge = get_gradient_edge(value)
                own = (*address, index)
                self.made.setdefault((edge.node, edge.output_nr), own)
                if own in self.wanted:
                    self.wanted[own](value)

    def __torch_function__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        kwargs = kwargs or {}
        name = getattr(func, "__name__", "?")
        if name in ASIDE:
            return func(*args, **kwargs)
        inside = self.stack[-1]
        self.ops[inside] += 1
        address = (*inside, self.ops[inside])
        self.trail.append(name)
        out = self._call(func, args, kwargs)
        with torch._C.DisableTorchFunction():
            self.note(address, out)
        return out

    def _call(self, func: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        if func not in SUMS or not torch.is_grad_enabled():
            return func(*args, **kwargs)
        both, rest = _summands(args, kwargs)
        if len(both) != 2 or not all(_matters(one) for one in both):
            return func(*args, **kwargs)
        inside = self.stack[-1]
        self.sums[inside] += 1
        return self.on_sum((*inside, self.sums[inside]), func, both, rest)


def _summands(args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """The two summands, whether they were named or not, and what else was given."""
    named = [kwargs[name] for name in ("input", "other") if name in kwargs]
    return (*args, *named), {name: value for name, value in kwargs.items() if name not in ("input", "other")}


def _matters(value: Any) -> bool:
    return isinstance(value, Tensor) and value.requires_grad and value.is_floating_point()


def place() -> tuple[str, str]:
    """(file:line, the code there) of what is being run: the innermost that is neither ours nor of torch but for its
    modules. An expression that is broken into lines is put together, two of them at most."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and _passing(frame.f_code.co_filename):
        frame = frame.f_back
    if frame is None:
        return "?", ""
    file = frame.f_code.co_filename
    first, last = next(itertools.islice(frame.f_code.co_positions(), frame.f_lasti // 2, None))[:2]
    numbers = range(first or frame.f_lineno, min(last or 0, (first or 0) + 1) + 1) or [frame.f_lineno]
    return f"{shown(file)}:{frame.f_lineno}", " ".join(linecache.getline(file, number).strip() for number in numbers)


def _passing(file: str) -> bool:
    return file.startswith((HERE, TORCH, "<")) and not file.startswith(MODULES)


def shown(file: str) -> str:
    """A file's name that means the same on other machines."""
    path = Path(file)
    if path.is_relative_to(Path.cwd()):
        return path.relative_to(Path.cwd()).as_posix().split("site-packages/")[-1]
    return path.as_posix().split("site-packages/")[-1] if "site-packages/" in path.as_posix() else path.name


@contextlib.contextmanager
def _direct_checkpoints() -> Iterator[None]:
    class Direct:
        @staticmethod
        def apply(function: Callable[..., Any], preserve: bool, *args: Any) -> Any:
            return function(*args)

    def nothing(*args: Any, **kwargs: Any) -> Iterator[None]:
        yield

    room: Any = checkpoint
    before = room.CheckpointFunction, room._checkpoint_without_reentrant_generator
    room.CheckpointFunction, room._checkpoint_without_reentrant_generator = Direct, nothing
    try:
        yield
    finally:
        room.CheckpointFunction, room._checkpoint_without_reentrant_generator = before


def _uncompiled() -> contextlib.AbstractContextManager[Any]:
    """What torch.compile was asked for is run eagerly; where nothing was compiled, its machinery is not imported."""
    if "torch._dynamo" not in sys.modules:
        return contextlib.nullcontext()
    return torch.compiler.set_stance("force_eager")
