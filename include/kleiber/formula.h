/*
 * formula.h - the formula language: text to tree, tree to program, program to values
 * and exact derivatives over blocks of rows.
 *
 * A formula is parsed once and knows only names. A program gives each name a role
 * (input column, parameter, ...). A frame joins a program to rows: whatever depends on
 * data alone is computed there once. Evaluating a frame needs no allocation and may be
 * done by many threads at once, each with its own scratch.
 *
 *   kl_formula_parse(&f, "E + A / N^alpha", "law", &err);
 *   kl_program_new(&p, f, symbols, n_symbols, &err);
 *   kl_frame_new(&fr, p, &columns, &err);
 *   kl_frame_block(fr, first, n, theta, &out, scratch);
 */
#ifndef KLEIBER_FORMULA_H
#define KLEIBER_FORMULA_H

#include <kleiber/status.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct kl_formula kl_formula;
typedef struct kl_program kl_program;
typedef struct kl_frame kl_frame;

enum {
    KL_BLOCK = 128, /* rows evaluated together; leading dimension of results */
    KL_FORMULA_MAX_BYTES = 65536, /* longest text accepted */
    KL_FORMULA_MAX_NODES = 8192,  /* most operations in one formula */
    KL_FORMULA_MAX_DEPTH = 200    /* deepest nesting accepted */
};

/** Relation at the top of a formula, for constraints. */
typedef enum kl_relation {
    KL_RELATION_NONE, /* a plain expression */
    KL_RELATION_LE,   /* <= or < */
    KL_RELATION_GE,   /* >= or > */
    KL_RELATION_EQ    /* == */
} kl_relation;

/**
 * Parse a formula (docs/formula.md describes the language).
 *
 * @param[out] out    new formula, owned by the caller; NULL on failure
 * @param      text   the formula; copied
 * @param      origin what messages call the text, e.g. "law" or "--let"
 * @param[out] err    "law:1:17: unknown function 'lgo'; did you mean 'log'?"
 * @return KL_OK; KL_E_PARSE; KL_E_NOMEM.
 */
kl_status kl_formula_parse(kl_formula **out, const char *text, const char *origin,
                           kl_error *err);

/** Free a formula; NULL is fine. */
void kl_formula_free(kl_formula *f);

/** Free names of the formula (let-bound names excluded), in order of first use. */
size_t kl_formula_get_n_names(const kl_formula *f);
const char *kl_formula_get_name(const kl_formula *f, size_t i);

/** Categorical column by which name i is indexed (`E[corpus]`: "corpus"); NULL if none.
 * The column itself is not among the names unless it is used elsewhere. */
const char *kl_formula_get_index(const kl_formula *f, size_t i);

/** Relation at the top of the formula. */
kl_relation kl_formula_get_relation(const kl_formula *f);

/**
 * Split "lhs <= rhs" into the formula lhs - rhs; the relation is to zero.
 * @param[out] out new formula; NULL on failure
 * @return KL_OK; KL_E_USAGE if the formula has no relation at its top; KL_E_NOMEM.
 */
kl_status kl_formula_difference(kl_formula **out, const kl_formula *f, kl_error *err);

/**
 * The two sides of "lhs <= rhs", apart.
 * @param[out] lhs, rhs new formulas; NULL on failure
 * @return as kl_formula_difference
 */
kl_status kl_formula_sides(kl_formula **lhs, kl_formula **rhs, const kl_formula *f,
                           kl_error *err);

/**
 * Write the formula back as text that parses to the same tree.
 * @param[out] out malloc'd, owned by the caller (free)
 */
kl_status kl_formula_format(char **out, const kl_formula *f, kl_error *err);

typedef enum kl_symbol_kind {
    KL_SYMBOL_INPUT, /* a column of numbers: slot = its place in kl_columns.numbers */
    KL_SYMBOL_PARAMETER, /* slot = its place in theta; indexed: slot + code of a row */
    KL_SYMBOL_FORMULA    /* stands for another formula, its names resolved alike */
} kl_symbol_kind;

/* What a name of a formula stands for. */
typedef struct kl_symbol {
    const char *name;
    kl_symbol_kind kind;
    size_t slot;               /* see kl_symbol_kind */
    size_t n_levels;           /* parameter: 1, or the levels of its index column */
    size_t code_slot;          /* indexed parameter: place in kl_columns.codes */
    const kl_formula *formula; /* KL_SYMBOL_FORMULA; borrowed for the call */
} kl_symbol;

/**
 * Compile a formula: every name gets its role, shared parts are computed once.
 *
 * @param[out] out       new program, owned by the caller; NULL on failure
 * @param      f         read, not kept
 * @param      symbols   one for each free name (more are allowed); read, not kept
 * @param      n_symbols length of `symbols`
 * @return KL_OK; KL_E_USAGE a name without a symbol, a formula that contains itself, a
 *         parameter with levels but no index, an index on a column, or derivatives of
 *         more than a quarter of a million operations; KL_E_NOMEM.
 */
kl_status kl_program_new(kl_program **out, const kl_formula *f,
                         const kl_symbol *symbols, size_t n_symbols, kl_error *err);

/** Free a program; NULL is fine. Frames made from it must be freed first. */
void kl_program_free(kl_program *p);

/** Parameters the program reads: K "leaves", at most 1024. An indexed parameter is one
 * leaf, whose place in theta differs from row to row. */
size_t kl_program_get_n_leaves(const kl_program *p);

/** Slot in theta (of level 0, if indexed) of leaf k. */
size_t kl_program_get_leaf_slot(const kl_program *p, size_t k);

/** Levels of leaf k: 1 unless indexed. */
size_t kl_program_get_leaf_levels(const kl_program *p, size_t k);

/**
 * Structure of second derivatives: true if d2f / d leaf j d leaf k can be non-zero.
 * Found by differentiating twice over the program's structure, for all data and values.
 * Bends (min, max, abs, conditions) have no second derivative: min(a, b) says false.
 */
bool kl_program_interacts(const kl_program *p, size_t j, size_t k);

/**
 * A largest set of leaves (levels counted) in which the program is affine: f = f0 + sum
 * c_k g_k with f0, g_k free of the set. Never one that decides on which side of a bend
 * a row is. Exact up to 16 leaves, greedy beyond. Used for variable projection.
 * @param[out] linear n_leaves flags
 * @return number of leaves in the set
 */
size_t kl_program_get_linear(const kl_program *p, bool *linear);

/* Columns that a frame is built over; borrowed. Slots as in kl_symbol. */
typedef struct kl_columns {
    size_t n_rows;
    const double *const *numbers; /* numbers[slot]: n_rows values */
    const int32_t *const *codes;  /* codes[code_slot]: n_rows codes, each >= 0 */
} kl_columns;

/**
 * Join a program to rows; what depends on data alone is evaluated now.
 *
 * @param[out] out  new frame, owned by the caller; NULL on failure
 * @param      p    borrowed; must outlive *out
 * @param      cols borrowed for the call: the frame keeps copies of what it needs
 * @return KL_OK; KL_E_NOMEM; KL_E_DOMAIN a part that depends on data alone is not
 *         finite (err->line = 1-based row, msg "'log(D)' is not finite: D = 0"), unless
 *         in a branch of `if`; or a code is none of its parameter's levels.
 */
kl_status kl_frame_new(kl_frame **out, const kl_program *p, const kl_columns *cols,
                       kl_error *err);

/** Frame over a choice of another frame's rows (repeats allowed), for resampling. */
kl_status kl_frame_gather(kl_frame **out, const kl_frame *from, const size_t *rows,
                          size_t n_rows, kl_error *err);

/** As kl_frame_gather into an existing frame of the same program with room for at least
 * n_rows (it keeps its first capacity); no allocation. */
void kl_frame_regather(kl_frame *into, const kl_frame *from, const size_t *rows,
                       size_t n_rows);

void kl_frame_free(kl_frame *fr);
size_t kl_frame_get_n_rows(const kl_frame *fr);

/** Doubles of scratch that kl_frame_block needs, 64-byte aligned, one per thread.
 * @param order 0 values, 1 and first derivatives, 2 and second derivatives; enough for
 *              lower orders too */
size_t kl_program_get_scratch(const kl_program *p, int order);

/* Where kl_frame_block puts its results. Leading dimension KL_BLOCK; entries beyond the
 * rows asked for are unspecified. Leaves are in the program's order. */
typedef struct kl_block_out {
    double *value;    /* [KL_BLOCK] f of each row; required */
    double *gradient; /* [K][KL_BLOCK] df / d leaf k; NULL: not wanted */
    double *hessian;  /* [K*(K+1)/2][KL_BLOCK] lower triangle, row j column k <= j at
                           j*(j+1)/2 + k; NULL: not wanted; needs gradient */
} kl_block_out;

/**
 * Evaluate up to KL_BLOCK rows, with exact derivatives by reverse mode (second ones by
 * forward over reverse). Never fails: a value out of its domain gives NaN or infinity.
 * The result for a row does not depend on which other rows share its block.
 *
 * @param      fr      rows
 * @param      first   first row (0-based)
 * @param      n       rows, 1 to KL_BLOCK, first + n <= n_rows
 * @param      theta   all parameters, by slot
 * @param[out] out     see kl_block_out
 * @param      scratch kl_program_get_scratch(program, order) doubles, 64-byte aligned
 */
void kl_frame_block(const kl_frame *fr, size_t first, size_t n, const double *theta,
                    const kl_block_out *out, double *scratch);

/** Slot in theta that leaf k reads in row `row`. */
size_t kl_frame_get_slot(const kl_frame *fr, size_t k, size_t row);

/** Values of all rows into values[n_rows]; allocates its own scratch. */
kl_status kl_frame_values(const kl_frame *fr, const double *theta, double *values,
                          kl_error *err);

#ifdef __cplusplus
}
#endif
#endif
