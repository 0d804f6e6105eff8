/*
 * frame.c - rows for a program: what depends on data alone is computed here, once, and
 * must be finite.
 */
#include "formula/frame.h"
#include "base/fail.h"
#include "formula/derive.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static size_t round_up(size_t n)
{
    return (n + KL_LANES - 1) / KL_LANES * KL_LANES;
}

/* A frame with room for n_rows. */
static kl_frame *new_frame(const kl_program *p, size_t n_rows)
{
    kl_frame *fr = calloc(1, sizeof *fr);
    if (!fr) return NULL;
    const size_t n_columns = p->code.n_columns + 1; /* never 0 bytes */
    fr->p = p;
    fr->n_rows = n_rows;
    if (n_rows > SIZE_MAX / 4) goto fail;
    fr->capacity = round_up(n_rows) + KL_LANES;
    if (fr->capacity > SIZE_MAX / 2 / sizeof(double) / n_columns) goto fail;
    fr->columns =
        aligned_alloc(64, round_up(n_columns * fr->capacity) * sizeof(double));
    fr->codes = calloc(p->n_codes * fr->capacity + 1, sizeof *fr->codes);
    if (!fr->columns || !fr->codes) goto fail;
    return fr;
fail:
    kl_frame_free(fr);
    return NULL;
}

void kl_frame_free(kl_frame *fr)
{
    if (!fr) return;
    free(fr->columns);
    free(fr->codes);
    free(fr);
}

size_t kl_frame_get_n_rows(const kl_frame *fr)
{
    return fr->n_rows;
}

/* Rows behind the last repeat it, so that whole lanes can be read. */
static void pad(kl_frame *fr)
{
    const size_t n = fr->n_rows,
                 end = n + KL_LANES < fr->capacity ? n + KL_LANES : fr->capacity;
    for (size_t c = 0; c < fr->p->code.n_columns; c++) {
        double *column = fr->columns + c * fr->capacity;
        for (size_t i = n; i < end; i++) column[i] = n ? column[n - 1] : 0;
    }
    for (size_t c = 0; c < fr->p->n_codes; c++) {
        int32_t *codes = fr->codes + c * fr->capacity;
        for (size_t i = n; i < end; i++) codes[i] = n ? codes[n - 1] : 0;
    }
}

static kl_status copy_codes(kl_frame *fr, const kl_columns *cols, kl_error *err)
{
    const kl_program *p = fr->p;
    for (size_t c = 0; c < p->n_codes && fr->n_rows; c++)
        memcpy(fr->codes + c * fr->capacity, cols->codes[p->code_slots[c]],
               fr->n_rows * sizeof *fr->codes);
    for (size_t k = 0; k < p->n_leaves; k++) {
        const kl_leaf *leaf = &p->leaves[k];
        const int32_t *codes = fr->codes + leaf->codes * fr->capacity;
        for (size_t i = 0; leaf->indexed && i < fr->n_rows; i++)
            if (codes[i] < 0 || (size_t)codes[i] >= leaf->n_levels)
                return kl_fail_at(err, KL_E_DOMAIN, (long)i + 1, 0,
                                  "parameter '%.80s' has %zu levels, none for code %ld",
                                  leaf->name, leaf->n_levels, (long)codes[i]);
    }
    return KL_OK;
}

/* Evaluation of what depends on data alone, in blocks, a register per instruction. */
typedef struct loader {
    kl_frame *fr;
    const kl_code *code;
    const kl_columns *cols;
    bool *needed;      /* [instructions] */
    size_t *at;        /* [instructions] place in registers */
    double *registers; /* [needed][KL_BLOCK] */
} loader;

static bool loader_init(loader *ld)
{
    const kl_graph *g = &ld->code->graph;
    ld->needed = calloc(g->n, sizeof *ld->needed);
    ld->at = calloc(g->n, sizeof *ld->at);
    if (!ld->needed || !ld->at) return false;
    for (size_t c = 0; c < ld->code->n_columns; c++)
        ld->needed[ld->code->columns[c]] = true;
    for (kl_id i = (kl_id)g->n; i-- > 0;) {
        const kl_instr *x = &g->v[i];
        const bool exposed_input =
            x->op == KL_OP_INPUT && i < ld->code->n_value && ld->code->exposed[i];
        if (exposed_input) ld->needed[i] = true;
        for (int k = 0; ld->needed[i] && k < kl_ops[x->op].arity; k++)
            ld->needed[x->arg[k]] = true;
    }
    size_t n = 0;
    for (kl_id i = 0; i < g->n; i++)
        if (ld->needed[i]) ld->at[i] = KL_BLOCK * n++;
    ld->registers = aligned_alloc(64, (n + 1) * KL_BLOCK * sizeof(double));
    if (!ld->registers) return false;
    for (kl_id i = 0; i < g->n; i++)
        for (size_t k = 0; k < KL_BLOCK && ld->needed[i] && g->v[i].op == KL_OP_CONST;
             k++)
            ld->registers[ld->at[i] + k] = g->v[i].value;
    return true;
}

static void loader_free(loader *ld)
{
    free(ld->needed);
    free(ld->at);
    free(ld->registers);
}

static void load_block(loader *ld, size_t first, size_t n)
{
    const kl_graph *g = &ld->code->graph;
    const size_t width = round_up(n);
    for (kl_id i = 0; i < g->n; i++) {
        const kl_instr *x = &g->v[i];
        if (!ld->needed[i] || x->op == KL_OP_CONST) continue;
        double *y = ld->registers + ld->at[i];
        if (x->op == KL_OP_INPUT) {
            const double *column = ld->cols->numbers[ld->fr->p->inputs[x->index].slot];
            for (size_t k = 0; k < width; k++)
                y[k] = column[first + (k < n ? k : n - 1)];
        } else {
            kl_ops[x->op].vv(width, y, ld->registers + ld->at[x->arg[0]],
                             ld->registers + ld->at[x->arg[1]],
                             ld->registers + ld->at[x->arg[2]]);
        }
    }
    for (size_t c = 0; c < ld->code->n_columns; c++)
        memcpy(ld->fr->columns + c * ld->fr->capacity + first,
               ld->registers + ld->at[ld->code->columns[c]], n * sizeof(double));
}

/* "D = 0, N = 3": the columns that an instruction reads, in one row. */
static void list_inputs(char *buf, size_t size, const loader *ld, const bool *marks,
                        kl_id last, size_t k)
{
    const kl_graph *g = &ld->code->graph;
    size_t length = 0;
    buf[0] = '\0';
    for (kl_id i = 0; i <= last && length < size; i++) {
        if (!marks[i] || g->v[i].op != KL_OP_INPUT) continue;
        length += (size_t)snprintf(
            buf + length, size - length, "%s%.60s = %.9g", length ? ", " : "",
            ld->fr->p->inputs[g->v[i].index].name, ld->registers[ld->at[i] + k]);
    }
}

static kl_status fail_not_finite(const loader *ld, kl_id i, size_t first, size_t k,
                                 kl_error *err)
{
    char part[120], inputs[200];
    bool *marks = calloc((size_t)i + 1, sizeof *marks);
    if (!marks) return kl_fail_nomem(err);
    kl_graph_mark(&ld->code->graph, marks, i);
    kl_describe(part, sizeof part, ld->fr->p, &ld->code->graph, i);
    list_inputs(inputs, sizeof inputs, ld, marks, i, k);
    free(marks);
    return kl_fail_at(err, KL_E_DOMAIN, (long)(first + k) + 1, 0,
                      "'%s' is not finite: %s", part, inputs);
}

/* The first row, and in it the innermost part, that every evaluation needs and that is
 * not finite. */
static kl_status check_block(const loader *ld, size_t first, size_t n, kl_error *err)
{
    const kl_code *code = ld->code;
    for (size_t k = 0; k < n; k++)
        for (kl_id i = 0; i < code->n_value; i++) {
            if (!ld->needed[i] || !code->exposed[i]) continue;
            if (code->graph.v[i].op != KL_OP_CONST &&
                !isfinite(ld->registers[ld->at[i] + k]))
                return fail_not_finite(ld, i, first, k, err);
        }
    return KL_OK;
}

static kl_status load(kl_frame *fr, const kl_columns *cols, kl_error *err)
{
    loader ld = {.fr = fr, .code = &fr->p->code, .cols = cols};
    kl_status status = loader_init(&ld) ? KL_OK : kl_fail_nomem(err);
    for (size_t first = 0; first < fr->n_rows && !status; first += KL_BLOCK) {
        const size_t left = fr->n_rows - first, n = left < KL_BLOCK ? left : KL_BLOCK;
        load_block(&ld, first, n);
        status = check_block(&ld, first, n, err);
    }
    loader_free(&ld);
    return status;
}

kl_status kl_frame_new(kl_frame **out, const kl_program *p, const kl_columns *cols,
                       kl_error *err)
{
    *out = NULL;
    kl_frame *fr = new_frame(p, cols->n_rows);
    if (!fr) return kl_fail_nomem(err);
    kl_status status = copy_codes(fr, cols, err);
    if (!status) status = load(fr, cols, err);
    if (status) {
        kl_frame_free(fr);
        return status;
    }
    pad(fr);
    *out = fr;
    return KL_OK;
}

void kl_frame_regather(kl_frame *into, const kl_frame *from, const size_t *rows,
                       size_t n_rows)
{
    into->n_rows = n_rows;
    for (size_t c = 0; c < from->p->code.n_columns; c++) {
        const double *x = from->columns + c * from->capacity;
        double *y = into->columns + c * into->capacity;
        for (size_t i = 0; i < n_rows; i++) y[i] = x[rows[i]];
    }
    for (size_t c = 0; c < from->p->n_codes; c++) {
        const int32_t *x = from->codes + c * from->capacity;
        int32_t *y = into->codes + c * into->capacity;
        for (size_t i = 0; i < n_rows; i++) y[i] = x[rows[i]];
    }
    pad(into);
}

kl_status kl_frame_gather(kl_frame **out, const kl_frame *from, const size_t *rows,
                          size_t n_rows, kl_error *err)
{
    *out = new_frame(from->p, n_rows);
    if (!*out) return kl_fail_nomem(err);
    kl_frame_regather(*out, from, rows, n_rows);
    return KL_OK;
}

size_t kl_frame_get_slot(const kl_frame *fr, size_t k, size_t row)
{
    const kl_leaf *leaf = &fr->p->leaves[k];
    if (!leaf->indexed) return leaf->slot;
    return leaf->slot + (size_t)fr->codes[leaf->codes * fr->capacity + row];
}
