"""Operations of torch without inner products: which they are, and how one is recognised.

In: an operation of torch. Out: whether it multiplies and adds nothing that counts. Nothing here
imports torch.

The rule: an operation is counted, or it is known to have no inner products, or a summary names
it as not counted. So a new operation of a later torch is never taken for free.
"""

from __future__ import annotations

from functools import cache
from typing import Any

_TAGS = {"pointwise", "reduction", "view_copy", "inplace_view"}
"""Tags by which torch says that an operation works element by element, sums or only moves."""


@cache
def has_no_products(function: Any) -> bool:
    """Return whether an operation has no inner products, whatever its arguments are."""
    schema = function._schema
    space, _, name = schema.name.partition("::")
    if space not in ("aten", "prims"):
        return space in ("prim", "profiler")
    if _TAGS & {tag.name for tag in function.tags}:
        return True
    aliases = (value.alias_info for value in schema.returns)
    if any(alias is not None and not alias.is_write for alias in aliases):
        return True  # a view
    if not any("Tensor" in str(argument.type) for argument in schema.arguments):
        return True  # makes a tensor from sizes, or draws one
    if schema.returns and not any("Tensor" in str(value.type) for value in schema.returns):
        return True  # asks for a size or another property
    return _base(name) in _NAMES


def _base(name: str) -> str:
    """Return the name without the marks of in-place, list, copying and backward forms."""
    name = name.removeprefix("_foreach_").removesuffix("_").removesuffix("_copy")
    for suffix in ("_double_backward", "_backward_data", "_backward"):
        name = name.removesuffix(suffix)
    return name


_LISTED = """
__irshift__ __lshift__ __rshift__ _adaptive_avg_pool2d _adaptive_avg_pool3d _add_relu _aminmax
_amp_foreach_non_finite_check_and_unscale _amp_update_scale _assert_async _assert_tensor_metadata
_batch_norm_no_update _batch_norm_with_update _batch_norm_with_update_functional _chunk_cat
_coalesce _coalesced _conj_physical _convert_indices_from_coo_to_csr
_convert_indices_from_csr_to_coo _convert_weight_to_int4pack _convert_weight_to_int4pack_for_cpu
_copy_from _copy_from_and_resize _ctc_loss _cudnn_ctc_loss _cudnn_init_dropout_state
_cudnn_rnn_flatten_weight _cummax_helper _cummin_helper _dirichlet_grad _dyn_quant_pack_4bit_weight
_efficientzerotensor _empty_affine_quantized _empty_per_channel_affine_quantized
_fake_quantize_learnable_per_channel_affine _fake_quantize_learnable_per_tensor_affine
_fake_quantize_per_tensor_affine_cachemask_tensor_qparams _fill_mem_eff_dropout_mask
_functional_assert_async _functional_assert_scalar _functional_sym_constrain_range
_functional_sym_constrain_range_for_size _fused_adagrad _fused_adam _fused_adamw _fused_dropout
_fused_moving_avg_obs_fq_helper _fused_moving_avg_obs_fq_helper_functional _fused_rms_norm
_fused_sgd _grid_sampler_2d_cpu_fallback _histogramdd_bin_edges _histogramdd_from_bin_cts
_histogramdd_from_bin_tensors _index_put_impl _is_all_true _is_any_true
_jagged_to_padded_dense_forward _lazy_clone _linalg_check_errors _log_softmax _logcumsumexp
_make_per_channel_quantized_tensor _make_per_tensor_quantized_tensor _masked_scale _masked_softmax
_mkldnn_reshape _mkldnn_transpose _native_batch_norm_legit _native_batch_norm_legit_functional
_native_batch_norm_legit_no_training _nested_compute_contiguous_strides_offsets _nested_from_padded
_nested_from_padded_and_nested_example _nested_from_padded_tensor _nested_get_jagged_dummy
_nested_get_lengths _nested_get_max_seqlen _nested_get_min_seqlen _nested_get_offsets _nested_select
_nested_sum _nested_tensor_from_mask _nested_tensor_from_tensor_list _nested_tensor_size
_nested_tensor_softmax_with_shape _nested_tensor_storage_offsets _nested_tensor_strides
_new_zeros_with_same_feature_meta _pack_padded_sequence _padded_dense_to_jagged_forward
_philox_key_fold_in _philox_key_split _philox_normal _philox_uniform _pin_memory _prelu_kernel
_reshape _resize_output _safe_softmax _sample_dirichlet _segment_reduce _softmax
_sparse_coo_tensor_with_dims _sparse_coo_tensor_with_dims_and_tensors _sparse_csr_prod
_sparse_csr_sum _sparse_log_softmax _sparse_mask_projection _sparse_semi_structured_tile
_sparse_softmax _sparse_sum _spdiags _stack _standard_gamma _standard_gamma_grad
_thnn_fused_gru_cell _thnn_fused_lstm_cell _thnn_fused_lstm_cell_backward_impl _to _to_dense
_to_sparse _to_sparse_bsc _to_sparse_bsr _to_sparse_csc _to_sparse_csr _to_sparse_semi_structured
_transform_bias_rescale_qkv _unique _unique2 _unsafe_index _unsafe_index_put _unsafe_masked_index
_unsafe_masked_index_put_accumulate _unsafe_view _upsample_bicubic2d_aa _upsample_bilinear2d_aa
_upsample_lanczos2d_aa _upsample_nearest_exact1d _upsample_nearest_exact2d _upsample_nearest_exact3d
_validate_compressed_sparse_indices _weight_norm_interface abs acos adaptive_avg_pool1d
adaptive_avg_pool2d adaptive_avg_pool3d adaptive_max_pool2d adaptive_max_pool3d add addcdiv addcmul
arange as_strided_scatter asin atan avg_pool1d avg_pool2d avg_pool3d bartlett_window batch_norm
batch_norm_backward_elemt batch_norm_backward_reduce batch_norm_elemt batch_norm_gather_stats
batch_norm_gather_stats_with_counts batch_norm_stats batch_norm_update_stats bernoulli
binary_cross_entropy binary_cross_entropy_with_logits bincount binomial bitwise_and
bitwise_left_shift bitwise_or bitwise_right_shift bitwise_xor blackman_window block_diag bucketize
cat cauchy ceil celu channel_shuffle clamp_max clamp_min clone col2im complex constant_pad_nd copy
copy_sparse_to_sparse copysign cos cosh count_nonzero cudnn_batch_norm cudnn_grid_sampler cummax
cummin cumprod cumsum dequantize diag_embed diagonal diagonal_scatter dist div elu embedding
embedding_dense embedding_renorm empty_like empty_permuted empty_quantized empty_strided eq erf erfc
exp expm1 exponential eye fake_quantize_per_channel_affine_cachemask
fake_quantize_per_tensor_affine_cachemask fft_fftfreq fft_rfftfreq fill flip floor floor_divide frac
fractional_max_pool2d fractional_max_pool3d from_file full full_like gather gcd ge gelu geometric
glu glu_backward_jvp glu_jvp grid_sampler_2d grid_sampler_3d gt hamming_window hann_window
hardshrink hardsigmoid hardswish hardtanh hash_tensor heaviside histc histogram huber_loss im2col
index index_add index_fill index_put index_reduce index_select int_repr isin isinf isnan
kaiser_window kthvalue lcm le leaky_relu lerp lgamma lift linalg_cross linalg_vector_norm linspace
log log10 log1p log2 log_normal log_sigmoid log_sigmoid_forward log_softmax logcumsumexp logspace lt
lu_unpack masked_fill masked_scatter masked_select max max_pool2d max_pool2d_with_indices
max_pool3d_with_indices max_unpool2d max_unpool3d maximum median minimum miopen_batch_norm
miopen_ctc_loss mish mkldnn_adaptive_avg_pool2d mkldnn_max_pool2d mkldnn_max_pool3d
mkldnn_reorder_conv2d_weight mkldnn_reorder_conv3d_weight mode mse_loss mul multi_margin_loss
multilabel_margin_loss multilabel_margin_loss_forward multinomial nanmedian narrow native_batch_norm
native_dropout native_group_norm native_layer_norm native_norm ne neg new_empty new_empty_strided
new_full new_ones new_zeros nll_loss nll_loss2d nll_loss2d_forward nll_loss_forward nonzero
nonzero_static norm normal normal_functional ones ones_like pixel_shuffle pixel_unshuffle poisson
polar pow powsum prod put q_per_channel_scales q_per_channel_zero_points quantize_per_channel
quantize_per_tensor quantize_per_tensor_dynamic quantized_batch_norm quantized_max_pool1d
quantized_max_pool2d quantized_max_pool3d rand rand_like randint randint_like randn_like random
randperm range reciprocal record_stream reflection_pad1d reflection_pad2d reflection_pad3d relu
remainder renorm repeat repeat_interleave replication_pad1d replication_pad2d replication_pad3d
resize resize_as resize_as_sparse roll rot90 round rrelu_with_noise rrelu_with_noise_functional
rsqrt rsub scalar_tensor scatter scatter_add scatter_reduce searchsorted segment_reduce select
select_scatter set sigmoid sign sin sinh slice smooth_l1_loss soft_margin_loss softmax softplus
softshrink sort sparse_compressed_tensor sparse_coo_tensor sparse_mask sparse_resize
sparse_resize_and_clear split split_with_sizes sqrt stack std_mean sub sum take tan tanh threshold
to_mkldnn to_padded_tensor topk trace tril tril_indices triu triu_indices trunc unbind unfold
uniform unique_consecutive unique_dim unique_dim_consecutive unsafe_split unsafe_split_with_sizes
upsample_bicubic2d upsample_bilinear2d upsample_linear1d upsample_nearest1d upsample_nearest2d
upsample_nearest3d upsample_trilinear3d var_mean where xlogy zero zeros zeros_like
"""
"""Operations without inner products whose tags don't say so, by their base names in torch 2.13."""

_NAMES = frozenset(_LISTED.split())
