/* derive.h - derivatives of an instruction, as further instructions of its graph. */
#ifndef KL_FORMULA_DERIVE_H
#define KL_FORMULA_DERIVE_H

#include "formula/graph.h"

/**
 * First derivatives by all leaves, in one sweep from the result to the leaves
 * (reverse).
 * @param[out] gradient n_leaves instructions
 * @return false if memory was short (or g->status)
 */
bool kl_derive_reverse(kl_graph *g, kl_id *gradient, kl_id root, const kl_id *leaves,
                       size_t n_leaves);

/**
 * Derivatives by one leaf of all instructions up to `n` that `wanted` marks and that
 * they need, from the leaf to the results (forward).
 * @param[out] dot n instructions; KL_ZERO where not marked
 * @param gated n flags of working space
 */
void kl_derive_forward(kl_graph *g, kl_id *dot, bool *gated, size_t n,
                       const bool *wanted, kl_id leaf);

/** Mark what `root` needs, itself included; `marks` holds root + 1 flags or more. */
void kl_graph_mark(const kl_graph *g, bool *marks, kl_id root);

#endif
