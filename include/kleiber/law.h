/*
 * law.h - scaling laws as data: a formula with units, ranges, start ranges, a reference
 * and published fits. From the built-in library, a YAML file or text.
 */
#ifndef KLEIBER_LAW_H
#define KLEIBER_LAW_H

#include <kleiber/formula.h>
#include <kleiber/status.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct kl_law kl_law;

typedef enum kl_scale {
    KL_SCALE_LINEAR, /* searched as it is */
    KL_SCALE_LOG /* positive: searched by its logarithm; zero is still a valid value */
} kl_scale;

typedef enum kl_residual {
    KL_RESIDUAL_AUTO,  /* the law's own; log unless it says otherwise */
    KL_RESIDUAL_LOG,   /* ln prediction - ln target */
    KL_RESIDUAL_LINEAR /* prediction - target */
} kl_residual;

/* One parameter of a law. Strings belong to the law. */
typedef struct kl_law_parameter {
    const char *name;
    const char *index; /* categorical column by which it is indexed; NULL: one value */
    const char *unit;  /* NULL if not stated */
    const char *about; /* NULL if not stated */
    double lo, hi;     /* range, ends included; +-HUGE_VAL where unbounded */
    kl_scale scale;
    double start_lo, start_hi; /* range of starts, finite, within [lo, hi] */
    const char *like;   /* input on whose axis it lies: its values in the table are the
                         range of starts; NULL: starts as stated */
    const double *grid; /* the literature's grid of starts; NULL if none */
    size_t n_grid;
} kl_law_parameter;

/* One input (or the target) of a law. Strings belong to the law. */
typedef struct kl_law_input {
    const char *name;
    const char *unit;  /* canonical unit text; NULL if not stated */
    const char *about; /* NULL if not stated */
} kl_law_input;

/* One published fit. Strings belong to the law. */
typedef struct kl_law_published {
    const char *source;   /* key in docs/references.bib; names the fit: law@source */
    const char *label;    /* tells its fits apart: law@source:label; or NULL */
    const char *data;     /* what it was fitted to; NULL if not stated */
    const char *note;     /* warning or remark; NULL if none */
    const double *values; /* one per parameter, in order; NaN where not published */
} kl_law_published;

/**
 * Open a law.
 *
 * `spec` is the name of a built-in law ("chinchilla"), one with a published fit
 * ("chinchilla@besiroglu2024", "chinchilla@hoffmann2022:rounded"; without a label the
 * first of that source), a file ("my.yaml": ends in .yaml or .yml, or begins with '/',
 * './' or '../'), or a formula ("E + A*N^-a": anything that is not one word). A
 * formula's names are all unresolved: kl_law_resolve() makes those that are columns its
 * inputs.
 *
 * @param[out] out  new law, owned by the caller (kl_law_free); NULL on failure
 * @param      spec see above
 * @param[out] err  for a file: file, line and column; for a name: the most similar one
 * @return KL_OK; KL_E_USAGE unknown law or fit; KL_E_PARSE; KL_E_UNIT; KL_E_IO;
 *         KL_E_NOMEM.
 */
kl_status kl_law_open(kl_law **out, const char *spec, kl_error *err);

/** Open a law from YAML text; `origin` is what messages call it. */
kl_status kl_law_parse(kl_law **out, const char *yaml, size_t n_bytes,
                       const char *origin, kl_error *err);

/**
 * A law as YAML text; kl_law_parse() of it gives an equal law (with no fit chosen).
 * @param[out] out malloc'd, owned by the caller (free)
 * @return KL_OK; KL_E_USAGE the law is not resolved; KL_E_NOMEM.
 */
kl_status kl_law_to_yaml(char **out, const kl_law *law, kl_error *err);

/** A copy with its own life. */
kl_status kl_law_copy(kl_law **out, const kl_law *law, kl_error *err);

/** Free a law; NULL is fine. */
void kl_law_free(kl_law *law);

/**
 * Give each name of the formula its role, knowing the columns that exist: of a law made
 * from a formula, names of columns become inputs and the rest parameters (scale log,
 * range (0, inf) unless the name is used as an exponent: linear, [-inf, inf]). For a
 * law from a file it checks that no parameter is also a column. A formula without
 * powers that is affine in its parameters ("a + b*log(x)") is a regression: all linear,
 * [-inf, inf]. What is left out in a file is guessed alike (docs/laws.md).
 *
 * @param columns   names, e.g. of a table
 * @return KL_OK; KL_E_USAGE a name is both a column and a parameter, or an input of the
 *         law is no column (the message names the columns and --map); KL_E_NOMEM.
 */
kl_status kl_law_resolve(kl_law *law, const char *const *columns, size_t n_columns,
                         kl_error *err);

/** True once every name has a role. */
bool kl_law_is_resolved(const kl_law *law);

const char *kl_law_get_name(const kl_law *law);  /* "chinchilla"; "formula" if inline */
const char *kl_law_get_title(const kl_law *law); /* "" if none */
const char *kl_law_get_text(const kl_law *law);  /* the formula as written */
const char *kl_law_get_about(const kl_law *law); /* a paragraph; "" if none */
const char *kl_law_get_reference(const kl_law *law); /* key of references.bib or "" */
const char *kl_law_get_cost(const kl_law *law); /* FLOPs as a formula ("6*N*D"); "" */
const kl_formula *kl_law_get_formula(const kl_law *law);
const kl_law_input *kl_law_get_target(const kl_law *law); /* name "loss" if inline */
kl_residual kl_law_get_residual(const kl_law *law);       /* never AUTO */

/** Rename the target ("loss" by default in an inline law). */
kl_status kl_law_set_target(kl_law *law, const char *name, kl_error *err);

size_t kl_law_get_n_inputs(const kl_law *law);
const kl_law_input *kl_law_get_input(const kl_law *law, size_t i);

/** Categorical columns by which parameters are indexed, without repeats. */
size_t kl_law_get_n_indices(const kl_law *law);
const char *kl_law_get_index(const kl_law *law, size_t i);

size_t kl_law_get_n_parameters(const kl_law *law);
const kl_law_parameter *kl_law_get_parameter(const kl_law *law, size_t i);

size_t kl_law_get_n_published(const kl_law *law);
const kl_law_published *kl_law_get_published(const kl_law *law, size_t i);

/** The published fit that `spec` of kl_law_open named; NULL if it named none. */
const kl_law_published *kl_law_get_chosen(const kl_law *law);

/** Built-in laws in alphabetical order. */
size_t kl_law_library_get_n(void);
const char *kl_law_library_get_name(size_t i);

/** YAML text of a built-in law, zero-terminated static storage; NULL if unknown. */
const char *kl_law_library_get_yaml(const char *name);

/** BibTeX entry of a reference key, static storage; NULL if unknown. */
const char *kl_reference_get_bibtex(const char *key);

/**
 * Factor that turns a value in unit `from` into unit `to`.
 * @return KL_OK; KL_E_UNIT unknown unit (msg lists the known ones) or not convertible
 *         (tokens and bytes need a tokeniser's rate).
 */
kl_status kl_unit_factor(double *factor, const char *from, const char *to,
                         kl_error *err);

#ifdef __cplusplus
}
#endif
#endif
