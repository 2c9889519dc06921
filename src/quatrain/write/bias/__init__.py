"""Terms added to a poet's logits while it writes: each discourages or encourages some words."""
