"""Train the guesser: python -m quatrain.train.pronunciation --out FOLDER."""

from __future__ import annotations

import argparse
import time
from pathlib import Path
import torch
from collections import Counter
from quatrain.train.pronunciation import words, alignment
from quatrain.train.pronunciation.learning import *
from quatrain.train.pronunciation.network import Sizes
import json, numpy as np
from safetensors.numpy import save_file

p = argparse.ArgumentParser()
p.add_argument("--out", type=Path)
p.add_argument("--epochs", type=int, default=40)
p.add_argument("--until", type=float, default=1e18)
p.add_argument("--encoder", type=int, default=128)
p.add_argument("--decoder", type=int, default=160)
p.add_argument("--dropout", type=float, default=0.25)
p.add_argument("--resume", action="store_true")
p.add_argument("--lr", type=float, default=3e-3)
a = p.parse_args()
a.out.mkdir(parents=True, exist_ok=True)
torch.set_num_threads(1)
d = words.divide(words.read())


def al(part):
    pairs = [(w, x) for w, ps in d[part].items() for x in ps]
    return [
        (w, tuple(" ".join(c) for c in x)) for (w, _), x in zip(pairs, alignment.align(pairs)) if x
    ]


tr = al("training")
counts = Counter(c for _, x in tr for c in x)
chunks = sorted(c for c, n in counts.items() if n >= 3)
known = set(chunks)
tr = [x for x in tr if known.issuperset(x[1])]
alphabet = "'abcdefghijklmnopqrstuvwxyz"
b = Batches(tr, alphabet, chunks)
s = Settings(
    sizes=Sizes(encoder=a.encoder, decoder=a.decoder),
    epochs=a.epochs,
    dropout=a.dropout,
    learning_rate=a.lr,
)
l = GuesserLearner(s, b, letters=27, chunks=len(chunks))
print(len(tr), len(chunks), sum(x.numel() for x in l.network.parameters()), l.per_epoch, flush=True)
if a.resume:
    l.resume(a.out / "checkpoint")
while not l.finished and time.time() < a.until:
    t = time.time()
    x = l.epoch(lambda v: None)
    print(l.epochs, x, time.time() - t, flush=True)
    l.save(a.out / "checkpoint")
    save_file(l.averaged().tensors(), a.out / "raw.safetensors")
    (a.out / "raw.json").write_text(json.dumps({"alphabet": alphabet, "chunks": chunks}))
