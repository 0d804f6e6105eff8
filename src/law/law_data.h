/* law_data.h - what a law consists of, and the functions that the law room shares. */
#ifndef KL_LAW_DATA_H
#define KL_LAW_DATA_H

#include "base/arena.h"
#include "base/fail.h"

#include <kleiber/law.h>

struct kl_law {
    kl_arena arena; /* every string and array below */
    kl_formula *formula;
    const char *name, *title, *text, *about, *reference, *cost, *alias;
    kl_residual residual;
    kl_law_input target;
    kl_law_input *inputs;
    size_t n_inputs;
    kl_law_parameter *parameters;
    size_t n_parameters;
    const char **indices;
    size_t n_indices;
    kl_law_published *published;
    size_t n_published;
    size_t chosen;     /* place of the published fit that was asked for + 1; 0: none */
    bool from_formula; /* its names get their roles in kl_law_resolve() */
    bool resolved;
};

/** Empty law with its defaults; kl_law_free() it. NULL if memory is short. */
kl_law *kl_law_new(void);

/** True if the law has an input of this name. */
bool kl_law_has_input(const kl_law *law, const char *name);

/** Place of a parameter; n_parameters if absent. */
size_t kl_law_find_parameter(const kl_law *law, const char *name);

/** Place of a name in a formula; its number of names if absent. */
size_t kl_law_find_name(const kl_formula *f, const char *name);

/** Gather the index columns of the parameters into law->indices. */
kl_status kl_law_collect_indices(kl_law *law, kl_error *err);

/** A law from a formula alone, its names without roles. */
kl_status kl_law_from_formula(kl_law **out, const char *text, kl_error *err);

/**
 * Range, scale and start range for a parameter about which nothing is said, from the
 * way the formula uses its name (docs/laws.md, "What may be left out").
 * @param[out] p lo, hi, scale, start_lo, start_hi are set
 */
void kl_law_guess_parameter(kl_law_parameter *p, const kl_formula *formula,
                            const char *name);

/** Range and start range for a scale alone. */
void kl_law_guess_by_scale(kl_law_parameter *p, kl_scale scale);

#endif
