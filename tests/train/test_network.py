"""The network as torch trains it: its start, its dropout, its tensors."""

import pytest
import torch

from quatrain.train.networks import CharacterNetwork, parameter_groups
from quatrain.train.networks.recurrent import VariationalDropout, drop_weights


def network(**changes: object) -> CharacterNetwork:
    settings = {
        "alphabet": 11, "embedding": 5, "hidden": 8, "layers": 2, "dropout": 0.5,
        "recurrent_dropout": 0.0, "seed": 3,
        "generator": torch.Generator().manual_seed(1),
    } | changes  # fmt: skip
    return CharacterNetwork(**settings)  # type: ignore[arg-type]


def test_forget_biases_start_at_one_and_recurrent_gates_are_orthogonal() -> None:
    for layer in network().lstm:
        total = layer.bias_ih_l0 + layer.bias_hh_l0
        wanted = torch.zeros(32)
        wanted[8:16] = 1.0  # torch's order is i, f, g, o
        assert torch.equal(total.detach(), wanted)
        for gate in layer.weight_hh_l0.detach().chunk(4):
            torch.testing.assert_close(gate @ gate.T, torch.eye(8), atol=1e-5, rtol=0)


def test_the_seed_decides_the_weights_and_no_global_generator_is_touched() -> None:
    before = torch.random.get_rng_state()
    first, second, other = network(), network(), network(seed=4)
    assert torch.equal(torch.random.get_rng_state(), before)
    assert torch.equal(first.output.weight, second.output.weight)
    assert not torch.equal(first.output.weight, other.output.weight)


def test_a_mask_is_shared_over_time_and_keeps_the_mean() -> None:
    dropout = VariationalDropout(0.25, torch.Generator().manual_seed(0))
    dropped = dropout(torch.ones(6, 40, 50))
    assert torch.equal(dropped, dropped[:1].expand(6, -1, -1))
    assert dropped.unique().tolist() == pytest.approx([0.0, 1 / 0.75])
    assert dropped.mean().item() == pytest.approx(1.0, abs=0.05)
    dropout.eval()
    assert torch.equal(dropout(torch.ones(2, 3, 4)), torch.ones(2, 3, 4))


def test_processes_that_share_a_batch_use_the_masks_of_one() -> None:
    def masks(lanes: int | None, mine: slice) -> torch.Tensor:
        dropout = VariationalDropout(0.5, torch.Generator().manual_seed(0))
        if lanes:
            dropout.share(lanes, mine)
        return dropout(torch.ones(2, 4 if not lanes else 2, 3))

    whole = masks(None, slice(None))
    halves = [masks(4, slice(0, 2)), masks(4, slice(2, 4))]
    assert torch.equal(torch.cat(halves, dim=1), whole)


def test_state_carried_over_chunks_is_one_long_sequence() -> None:
    made = network().eval()
    ids = torch.randint(0, 11, (12, 3), generator=torch.Generator().manual_seed(0))
    whole, _ = made(ids, made.start(3))
    first, state = made(ids[:5], made.start(3))
    second, _ = made(ids[5:], state)
    torch.testing.assert_close(torch.cat([first, second]), whole)


def test_tensors_sum_the_two_biases_and_count_every_weight() -> None:
    made = network()
    tensors = made.tensors()
    assert tensors["lstm.1.weight_input"].shape == (32, 8)
    assert tensors["lstm.0.bias"].shape == (32,)
    stored = sum(tensor.size for tensor in tensors.values())
    assert stored == made.parameter_count() - 2 * 32  # torch keeps two bias vectors per layer
    tensors["output.bias"][:] = 9.0
    assert not (made.output.bias == 9.0).any(), "the tensors are copies"


def test_only_matrices_decay() -> None:
    decayed, spared = parameter_groups(network(), 0.1)
    assert decayed["weight_decay"] == 0.1
    assert spared["weight_decay"] == 0.0
    assert all(p.dim() > 1 for p in decayed["params"])  # type: ignore[attr-defined]
    assert all(p.dim() == 1 for p in spared["params"])  # type: ignore[attr-defined]


def test_dropped_weights_keep_their_mean_and_are_zero_or_scaled() -> None:
    weight = torch.ones(300, 333)
    dropped = drop_weights(weight, 0.25, torch.Generator().manual_seed(0))
    assert dropped.unique().tolist() == pytest.approx([0.0, 256 / 192])
    assert dropped.mean().item() == pytest.approx(1.0, abs=0.01)
    assert (dropped == 0).float().mean(0).std().item() == pytest.approx(
        (0.25 * 0.75 / 300) ** 0.5, rel=0.15
    ), "every column is dropped independently"


def test_dropped_recurrent_weights_are_used_in_training_only_and_get_gradients() -> None:
    ids = torch.randint(0, 11, (6, 3), generator=torch.Generator().manual_seed(0))
    made, plain = network(recurrent_dropout=0.9, dropout=0.0), network(dropout=0.0)
    kept, _ = plain(ids, plain.start(3))
    dropped, _ = made(ids, made.start(3))
    torch.testing.assert_close(dropped[0], kept[0])  # the first step has no recurrence
    assert not torch.allclose(dropped[-1], kept[-1])
    dropped.sum().backward()
    zero = (made.lstm[0].weight_hh_l0.grad == 0).float().mean().item()
    assert 0.8 < zero < 0.99
    made.eval()
    torch.testing.assert_close(made(ids, made.start(3))[0], kept)
