"""PyTorch's times for the calls of bench/tiny.ts, a round for each line on standard input.

Run by `npm run bench -- tiny --peer torch`; by hand: `echo | python bench/peers/torch_tiny.py`.
Writes a line of JSON for the version, then one a round: microseconds of each call, one thread.
"""

import json
import sys
import time

import torch
import torch.nn.functional as F

BATCH = 0.05
IMAGE = [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]]
FILTER = [[1.0, 0.0, -1.0], [2.0, 0.0, -2.0], [1.0, 0.0, -1.0]]

torch.set_num_threads(1)
x = torch.tensor([[IMAGE]], requires_grad=True)
f = torch.tensor([[FILTER]], requires_grad=True)


def forward():
    return F.conv2d(x, f)


def gradients():
    return torch.autograd.grad(F.conv2d(x, f), [x, f])


def cell():
    x = torch.tensor(IMAGE, requires_grad=True)
    f = torch.tensor(FILTER, requires_grad=True)
    y = F.conv2d(x.view(1, 1, 3, 3), f.view(1, 1, 3, 3), padding=0)
    return torch.autograd.grad(y.sum(), [x, f])


def batch(call, count):
    start = time.perf_counter()
    for _ in range(count):
        call()
    return time.perf_counter() - start


def calls_per_batch(call):
    count = 1
    while True:
        seconds = batch(call, count)
        if seconds >= BATCH:
            return int(count * BATCH / seconds) + 1
        count *= 2


calls = {call.__name__: (call, calls_per_batch(call)) for call in (forward, gradients, cell)}
print(json.dumps({"version": torch.__version__.partition("+")[0]}), flush=True)
for _ in sys.stdin:
    print(json.dumps({name: batch(call, count) / count * 1e6 for name, (call, count) in calls.items()}), flush=True)
