"""The PyTorch peer of "gridscape bench": the same chains and the same iteration, as fast as PyTorch does them.

One request a line of standard input, one answer a line of standard output, both JSON. The first line
that comes out says who answers: {"torch": "2.15.0", "threads": 2} or {"error": ...}. Requests:

  {"do": "chain", "mode": M, "network": NET, "batch": N, "settings": CHAIN, "steps": K}
      K Langevin steps of N images at once; parameters are frozen, only df/dx is computed.
  {"do": "iteration", "mode": M, "networks": [NET...], "batch": N, "settings": CHAIN,
   "dataNoise": S, "average": D, "clip": bound on the largest entry of a weight's gradient or null,
   "learning": {"method": "adam", "rate": R, "beta1": ..., "beta2": ..., "epsilon": ...} or
               {"method": "momentum", "rate": R, "momentum": ...}, "steps": K}
      K iterations of training: 1x1 averages, chains from coarse to fine, the contrast of observed and
      synthesized images on every grid, one update each, moving averages. N images in one tensor.
  {"do": "forget"}
      Frees what earlier requests built, compiled code included.

  NET = {"layers": "5x5/2-32, 3x3-64, dense 1", "channels": 1, "side": 32,
         "activation": "relu", "silu" or "leaky-relu(0.2)", "batchNorm": false}
  CHAIN = {"steps": K, "stepSize": a, "noise": b, "referenceDeviation": s or null for infinity, "low": ..., "high": ...}
  M = eager, channels-last, compile or compile-channels-last

Answers: {"seconds": ...} or {"error": ...}. What a request needs is built when it first comes and kept
for the next one that differs in the top-level "steps" alone; building is not part of the seconds, but
compilation happens in the first steps, so callers warm up. Batch normalisation uses the statistics of
the whole tensor. Padding is SAME as in Gridscape: low = total / 2, the rest high.

Run by hand:  OMP_NUM_THREADS=2 python3 langevin_torch.py 2
"""

import json
import math
import os
import re
import sys
import time

os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")


def network(torch, net):
    """The layers of a NET; f(x) has one column."""
    nn = torch.nn
    layers = []
    channels, side = net["channels"], net["side"]
    *convolutions, head = [layer.strip() for layer in net["layers"].split(",")]
    if head != "dense 1":
        raise ValueError(f"Invalid network: {net['layers']} (must end with dense 1)")
    for layer in convolutions:
        match = re.fullmatch(r"(\d+)x\1(?:/(\d+))?-(\d+)", layer)
        if not match:
            raise ValueError(f"Invalid layer: {layer} (must be KxK/STRIDE-CHANNELS)")
        kernel, stride, out = int(match[1]), int(match[2] or 1), int(match[3])
        total = max((math.ceil(side / stride) - 1) * stride + kernel - side, 0)
        low, high = total // 2, total - total // 2
        if low != high:
            layers.append(nn.ZeroPad2d((low, high, low, high)))
        layers.append(nn.Conv2d(channels, out, kernel, stride, padding=low if low == high else 0))
        if net["batchNorm"]:
            layers.append(nn.BatchNorm2d(out, eps=1e-5, track_running_stats=False))
        layers.append(activation(nn, net["activation"]))
        channels, side = out, math.ceil(side / stride)
    layers += [nn.Flatten(), nn.Linear(channels * side * side, 1)]
    return nn.Sequential(*layers)


def activation(nn, name):
    match = re.fullmatch(r"leaky-relu\((.+)\)", name)
    if match:
        return nn.LeakyReLU(float(match[1]), inplace=True)
    return {"relu": nn.ReLU, "silu": nn.SiLU}[name](inplace=True)


class Chain:
    """Langevin chains of one network; one object for all batches of one shape."""

    def __init__(self, torch, net, settings, mode):
        self.torch = torch
        self.net = net
        self.a = settings["stepSize"]
        self.b = settings["noise"]
        deviation = settings["referenceDeviation"]
        self.keep = 1 - self.a / deviation**2 if deviation else 1.0
        self.low, self.high = settings["low"], settings["high"]
        self.compiled = None
        if mode.startswith("compile"):
            self.compiled = torch.compile(self.step, dynamic=False, fullgraph=True)

    def run(self, x, steps):
        """The images after the steps; x is not to be used again."""
        with self.torch.no_grad():
            return self.run_compiled(x, steps) if self.compiled else self.run_eager(x, steps)

    def run_eager(self, x, steps):
        torch = self.torch
        # Drawn in the order of memory: normal_ is several times as slow on what is not contiguous.
        flat = torch.empty(x.numel())
        z = flat.as_strided(x.shape, x.stride())
        x.requires_grad_()
        for _ in range(steps):
            with torch.enable_grad():
                (g,) = torch.autograd.grad(self.net(x).sum(), x)
            if self.keep != 1:
                x.mul_(self.keep)
            x.add_(g, alpha=self.a)
            if self.b > 0:
                flat.normal_()
                x.add_(z, alpha=self.b)
            x.clamp_(self.low, self.high)
        return x.requires_grad_(False)

    def run_compiled(self, x, steps):
        for _ in range(steps):
            x = self.compiled(x)
        return x

    def step(self, x):
        """One step as a function, noise and clipping included, for torch.compile."""
        torch = self.torch
        g = torch.func.grad(lambda y: self.net(y).sum())(x)
        moved = self.keep * x + self.a * g
        if self.b > 0:
            moved = moved + self.b * torch.randn_like(x)
        return moved.clamp(self.low, self.high)


def uniform(torch, request, net, layout):
    settings = request["settings"]
    shape = (request["batch"], net["channels"], net["side"], net["side"])
    x = torch.rand(shape) * (settings["high"] - settings["low"]) + settings["low"]
    return x.contiguous(memory_format=layout)


def layout_of(torch, mode):
    modes = ("eager", "channels-last", "compile", "compile-channels-last")
    if mode not in modes:
        raise ValueError(f"Invalid mode: {mode} (must be one of {', '.join(modes)})")
    return torch.channels_last if mode.endswith("channels-last") else torch.contiguous_format


class ChainRequest:
    def __init__(self, torch, request):
        layout = layout_of(torch, request["mode"])
        net = network(torch, request["network"]).requires_grad_(False).to(memory_format=layout)
        self.chain = Chain(torch, net, request["settings"], request["mode"])
        self.x = uniform(torch, request, request["network"], layout)

    def run(self, steps):
        start = time.perf_counter()
        self.chain.run(self.x.clone(), steps)
        return time.perf_counter() - start


class IterationRequest:
    """Multi-grid learning after Gao et al. 2018, Algorithm 1, as CellLearner does it."""

    IMAGES = 1024

    def __init__(self, torch, request):
        self.torch = torch
        self.request = request
        self.layout = layout_of(torch, request["mode"])
        nets = request["networks"]
        self.sides = [net["side"] for net in nets]
        self.nets = [network(torch, net).to(memory_format=self.layout) for net in nets]
        self.chains = [Chain(torch, net, request["settings"], request["mode"]) for net in self.nets]
        self.optimizers = [self.optimizer(net) for net in self.nets]
        self.averages = [[p.detach().clone() for p in net.parameters()] for net in self.nets]
        settings = request["settings"]
        top = nets[-1]
        data = torch.rand(self.IMAGES, top["channels"], top["side"], top["side"])
        self.data = data * (settings["high"] - settings["low"]) + settings["low"]

    def optimizer(self, net):
        learning = self.request["learning"]
        if learning["method"] == "adam":
            betas = (learning["beta1"], learning["beta2"])
            return self.torch.optim.Adam(
                net.parameters(), lr=learning["rate"], betas=betas, eps=learning["epsilon"], fused=True
            )
        return self.torch.optim.SGD(
            net.parameters(), lr=learning["rate"], momentum=learning["momentum"], fused=True
        )

    def run(self, steps):
        start = time.perf_counter()
        for _ in range(steps):
            self.iteration()
        return time.perf_counter() - start

    def iteration(self):
        torch, request = self.torch, self.request
        functional = torch.nn.functional
        chosen = torch.randint(self.IMAGES, (request["batch"],))
        observed = self.data[chosen].contiguous(memory_format=self.layout)
        coarser = functional.adaptive_avg_pool2d(observed, 1)
        synthesized = []
        for net, chain, side in zip(self.nets, self.chains, self.sides):
            net.requires_grad_(False)
            x = functional.interpolate(coarser, size=side, mode="nearest")
            coarser = chain.run(
                x.contiguous(memory_format=self.layout), request["settings"]["steps"]
            )
            synthesized.append(coarser)
        for grid, net in enumerate(self.nets):
            net.requires_grad_(True)
            side = self.sides[grid]
            top = side == self.sides[-1]
            real = observed if top else functional.avg_pool2d(observed, self.sides[-1] // side)
            if request["dataNoise"] > 0:
                real = self.reflect(real + request["dataNoise"] * torch.randn_like(real))
            loss = net(synthesized[grid]).mean() - net(real).mean()
            self.optimizers[grid].zero_grad(set_to_none=True)
            loss.backward()
            if request["clip"] is not None:
                self.clip(net)
            self.optimizers[grid].step()
            with torch.no_grad():
                torch._foreach_lerp_(
                    self.averages[grid], list(net.parameters()), 1 - request["average"]
                )

    def clip(self, net):
        """Scales down the gradient of every tensor but the biases to a largest entry."""
        nn = self.torch.nn
        for layer in net:
            for name, parameter in layer.named_parameters():
                if name != "bias" or isinstance(layer, nn.BatchNorm2d):
                    largest = parameter.grad.abs().amax()
                    parameter.grad.mul_((self.request["clip"] / largest).clamp(max=1))

    def reflect(self, x):
        low, high = self.request["settings"]["low"], self.request["settings"]["high"]
        x = self.torch.where(x < low, 2 * low - x, x)
        return self.torch.where(x > high, 2 * high - x, x)


class Peer:
    """Answers requests, keeping what they build."""

    KINDS = {"chain": ChainRequest, "iteration": IterationRequest}

    def __init__(self, torch):
        self.torch = torch
        self.built = {}

    def answer(self, line):
        request = json.loads(line)
        if request["do"] == "forget":
            self.built.clear()
            self.torch.compiler.reset()
            return {"seconds": 0}
        steps = request.pop("steps")
        key = json.dumps(request, sort_keys=True)
        if key not in self.built:
            self.built[key] = self.KINDS[request["do"]](self.torch, request)
        return {"seconds": self.built[key].run(steps)}


def reason(e):
    """The first line; compilers write pages."""
    return (f"{type(e).__name__}: {e}".splitlines() or [""])[0][:200]


def main():
    # Whatever else prints, compilers for one, must not get between the answers.
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)

    def say(answer):
        print(json.dumps(answer), file=answers, flush=True)

    threads = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    try:
        import torch

        torch.set_num_threads(threads)
        torch.set_num_interop_threads(1)
        torch.manual_seed(1)
        # Gradients that fade out on their way down are several times as slow as 0.
        torch.set_flush_denormal(True)
        # Beyond the limit a function would silently run uncompiled.
        torch._dynamo.config.recompile_limit = 64
        peer = Peer(torch)
        say({"torch": torch.__version__, "threads": torch.get_num_threads()})
    except Exception as e:
        say({"error": reason(e)})
        return
    for line in sys.stdin:
        try:
            say(peer.answer(line))
        except Exception as e:
            say({"error": reason(e)})


if __name__ == "__main__":
    main()
