"""Critics: language models on this machine that judge the lines a poet proposes.

In: the name of a critic, such as `hf:models/smollm`. Out: an object with the protocol `Critic`,
which `poet.write(critic=...)` takes. Nothing is downloaded, no code of a model's folder is run,
and no text leaves the machine.

Reading order:

- `protocol`: what writing asks of a critic. Write a class of your own to use another judge.
- `schemes`: from a name to a critic.
- `gguf_header`, `model_files`: what a model's files say of it, before anything is loaded.
- `token_scorer`: a model that scores tokens, and remembers the text that it has read.
- `hugging_face`: a model of the library transformers as a critic. It needs the extra `critic`.
"""

from quatrain.critic.protocol import Critic
from quatrain.critic.schemes import load

__all__ = ["Critic", "load"]
