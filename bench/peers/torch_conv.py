"""PyTorch's times for the cases of bench/conv/: a line of JSON on standard input is a case, answered by a line.

Run by `npm run bench -- conv --peer torch`; its argument is the number of threads. Writes a line for the version, then
for each case the seconds of its best call. NCHW is PyTorch's contiguous layout, NHWC its channels_last.
"""

import json
import sys
import time

import torch
import torch.nn.functional as F

torch.set_num_threads(int(sys.argv[1]) if len(sys.argv) > 1 else 1)


def tensor(case, *sizes):
    layout = torch.channels_last if case["layout"] == "NHWC" else torch.contiguous_format
    return (2 * torch.rand(sizes) - 1).contiguous(memory_format=layout)


def prepare(case):
    """A call on operands of its own."""
    n, c, size, k, kernel = (case[name] for name in ("n", "c", "size", "k", "kernel"))
    stride, padding, groups = ([case[name]] * 2 for name in ("stride", "padding", "groups"))
    groups = groups[0]
    x = tensor(case, n, c, size, size)
    w = tensor(case, k, c // groups, kernel, kernel)
    if case["pass"] == "y":
        return lambda: F.conv2d(x, w, None, stride, padding, 1, groups)
    gy = tensor(case, n, k, case["outputSize"], case["outputSize"])
    mask = [case["pass"] == "dx", case["pass"] == "dw", False]
    backward = torch.ops.aten.convolution_backward
    return lambda: backward(gy, x, w, None, stride, padding, [1, 1], False, [0, 0], groups, mask)


def best(calls, seconds):
    """Calls on both sets of operands in turns, each timed, until the time is up."""
    least = float("inf")
    end = time.perf_counter() + seconds
    while True:
        calls.reverse()
        start = time.perf_counter()
        calls[0]()
        now = time.perf_counter()
        least = min(least, now - start)
        if now >= end:
            return least


print(json.dumps({"version": torch.__version__.partition("+")[0]}), flush=True)
last, calls = None, []
with torch.no_grad():
    for line in sys.stdin:
        case = json.loads(line)
        seconds = case.pop("seconds")
        if case != last:
            last, calls = case, [prepare(case), prepare(case)]
        print(json.dumps({"seconds": best(calls, seconds)}), flush=True)
