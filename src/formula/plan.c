/*
 * plan.c - from a graph to steps over blocks of rows, for each order of derivatives.
 *
 * Parameters and what depends on them alone is computed once per block; stored columns
 * are read in place; the rest gets registers, which are used again as soon as their
 * last reader is done, so that a block's working set stays in the nearest cache.
 */
#include "formula/program.h"
#include "formula/kernels.h"

#include <stdlib.h>
#include <string.h>

static const uint32_t NONE = UINT32_MAX;

/* Tables by instruction, of one plan in the making. */
typedef struct planner {
    kl_code *code;
    kl_program *p;
    kl_plan *plan;
    size_t n;
    uint32_t *column_of, *const_of; /* shared by the three plans */
    kl_place *place, *filled; /* where it is; a scalar's copy in a register, if any */
    kl_id *last;              /* its last reader */
    bool *needed;
    uint32_t *free; /* registers */
    size_t n_free;
} planner;

typedef struct output {
    kl_place place;
    kl_id id;
} output;

static bool is_column(const kl_code *code, kl_id i)
{
    const kl_instr *x = &code->graph.v[i];
    if (x->reads & KL_READS_LEAVES || x->op == KL_OP_CONST) return false;
    /* a derivative's cheap products of columns would only swell the frame */
    return i < code->n_value || !kl_ops[x->op].cheap;
}

static bool is_scalar(const kl_instr *x)
{
    return x->op == KL_OP_CONST || x->reads == KL_READS_LEAVES;
}

static size_t count_outputs(size_t n_leaves, int order)
{
    return 1 + (order > 0 ? n_leaves : 0) +
           (order > 1 ? n_leaves * (n_leaves + 1) / 2 : 0);
}

static output get_output(const kl_code *code, size_t n_leaves, size_t i)
{
    if (i == 0) return (output){{KL_PLACE_VALUE, 0}, code->value};
    if (i <= n_leaves)
        return (output){{KL_PLACE_GRADIENT, (uint32_t)i - 1}, code->gradient[i - 1]};
    i -= 1 + n_leaves;
    return (output){{KL_PLACE_HESSIAN, (uint32_t)i}, code->hessian[i]};
}

static void find_needed(planner *q, size_t n_outputs)
{
    const kl_instr *v = q->code->graph.v;
    for (size_t i = 0; i < n_outputs; i++)
        q->needed[get_output(q->code, q->p->n_leaves, i).id] = true;
    for (kl_id i = (kl_id)q->n; i-- > 0;) {
        if (!q->needed[i] || is_column(q->code, i)) continue;
        for (int k = 0; k < kl_ops[v[i].op].arity; k++) {
            q->needed[v[i].arg[k]] = true;
            if (!q->last[v[i].arg[k]]) q->last[v[i].arg[k]] = i; /* descending */
        }
    }
}

/* Results are computed in place: the first output of an instruction is its home. */
static void find_homes(planner *q, size_t n_outputs)
{
    for (size_t i = 0; i < n_outputs; i++) {
        const output out = get_output(q->code, q->p->n_leaves, i);
        const kl_instr *x = &q->code->graph.v[out.id];
        if (is_scalar(x) || is_column(q->code, out.id)) continue;
        if (q->place[out.id].kind == NONE) q->place[out.id] = out.place;
    }
}

static kl_place take_register(planner *q)
{
    const uint32_t number =
        q->n_free ? q->free[--q->n_free] : (uint32_t)q->plan->n_registers++;
    return (kl_place){KL_PLACE_REGISTER, number};
}

static void add_step(planner *q, kl_step step)
{
    q->plan->steps[q->plan->n_steps++] = step;
}

static void plan_scalar(planner *q, kl_id i)
{
    kl_plan *plan = q->plan;
    const kl_instr *x = &q->code->graph.v[i];
    if (x->op == KL_OP_CONST) {
        if (q->const_of[i] == NONE) q->const_of[i] = (uint32_t)q->code->n_consts++;
        q->place[i] = (kl_place){KL_PLACE_CONST, q->const_of[i]};
        return;
    }
    q->place[i] = (kl_place){KL_PLACE_SCALAR, (uint32_t)plan->n_scalars++};
    if (x->op == KL_OP_LEAF) {
        const uint32_t slot = (uint32_t)q->p->leaves[x->index].slot;
        plan->loads[plan->n_loads++] = (kl_load){q->place[i].number, slot};
        return;
    }
    kl_step step = {.kernel = kl_ops[x->op].vv, .to = q->place[i]};
    for (int k = 0; k < kl_ops[x->op].arity; k++) step.from[k] = q->place[x->arg[k]];
    plan->scalar_steps[plan->n_scalar_steps++] = step;
}

static void plan_column(planner *q, kl_id i)
{
    if (q->column_of[i] == NONE) q->column_of[i] = (uint32_t)q->code->n_columns++;
    q->place[i] = (kl_place){KL_PLACE_COLUMN, q->column_of[i]};
}

/* A scalar that a kernel wants as rows. */
static kl_place fill(planner *q, kl_id i)
{
    if (q->filled[i].kind == NONE) {
        q->filled[i] = take_register(q);
        add_step(q, (kl_step){.kernel = kl_kernel_fill,
                              .to = q->filled[i],
                              .from = {q->place[i]}});
    }
    return q->filled[i];
}

static void plan_rows(planner *q, kl_id i)
{
    const kl_instr *v = q->code->graph.v, *x = &v[i];
    const kl_op_row *row = &kl_ops[x->op];
    kl_step step = {.kernel = row->vv, .leaf = x->index};
    bool scalar[3] = {false, false, false};
    for (int k = 0; k < row->arity; k++) scalar[k] = is_scalar(&v[x->arg[k]]);
    if (row->vs && scalar[0] != scalar[1]) {
        step.kernel = scalar[0] ? row->sv : row->vs;
        scalar[0] = scalar[1] = scalar[2] = false; /* a third goes with the first */
    }
    for (int k = 0; k < row->arity; k++)
        step.from[k] = scalar[k] ? fill(q, x->arg[k]) : q->place[x->arg[k]];
    if (q->place[i].kind == NONE) q->place[i] = take_register(q);
    step.to = q->place[i];
    add_step(q, step);
    for (int k = 0; k < row->arity; k++) { /* the target was taken before: no overlap */
        const kl_id a = x->arg[k];
        if (q->last[a] != i || q->place[a].kind != KL_PLACE_REGISTER) continue;
        q->free[q->n_free++] = q->place[a].number;
        q->last[a] = KL_ZERO; /* it may be both arguments */
    }
}

static void plan_output(planner *q, output out)
{
    const kl_place from = q->place[out.id];
    if (from.kind == out.place.kind && from.number == out.place.number) return;
    const bool scalar = is_scalar(&q->code->graph.v[out.id]);
    add_step(q, (kl_step){.kernel = scalar ? kl_kernel_fill : kl_kernel_copy,
                          .to = out.place,
                          .from = {from}});
}

static bool plan_order(planner *q, int order)
{
    const size_t n_outputs = count_outputs(q->p->n_leaves, order);
    kl_plan *plan = q->plan = &q->code->plan[order];
    memset(q->needed, 0, q->n * sizeof *q->needed);
    memset(q->last, 0, q->n * sizeof *q->last);
    memset(q->place, 0xff, q->n * sizeof *q->place); /* kind NONE */
    memset(q->filled, 0xff, q->n * sizeof *q->filled);
    q->n_free = 0;
    find_needed(q, n_outputs);
    find_homes(q, n_outputs);
    size_t n_needed = 0;
    for (size_t i = 0; i < q->n; i++) n_needed += q->needed[i];
    kl_arena *memory = &q->p->memory;
    plan->loads = kl_arena_array(memory, n_needed, sizeof *plan->loads);
    plan->scalar_steps = kl_arena_array(memory, n_needed, sizeof *plan->scalar_steps);
    plan->steps = kl_arena_array(memory, 2 * n_needed + n_outputs, sizeof *plan->steps);
    if (!plan->loads || !plan->scalar_steps || !plan->steps) return false;
    for (kl_id i = 0; i < q->n; i++) {
        if (!q->needed[i]) continue;
        if (is_scalar(&q->code->graph.v[i]))
            plan_scalar(q, i);
        else if (is_column(q->code, i))
            plan_column(q, i);
        else
            plan_rows(q, i);
    }
    for (size_t i = 0; i < n_outputs; i++)
        plan_output(q, get_output(q->code, q->p->n_leaves, i));
    return true;
}

/* Columns and constants by number, as the plans refer to them. */
static bool store_tables(planner *q)
{
    kl_code *code = q->code;
    code->columns =
        kl_arena_array(&q->p->memory, code->n_columns, sizeof *code->columns);
    code->consts = kl_arena_doubles(&q->p->memory, code->n_consts * KL_LANES);
    if (!code->columns || !code->consts) return false;
    for (kl_id i = 0; i < q->n; i++) {
        if (q->column_of[i] != NONE) code->columns[q->column_of[i]] = i;
        for (int k = 0; k < KL_LANES && q->const_of[i] != NONE; k++)
            code->consts[q->const_of[i] * KL_LANES + k] = code->graph.v[i].value;
    }
    return true;
}

bool kl_plan_all(kl_code *code, kl_program *p)
{
    planner q = {.code = code, .p = p, .n = code->graph.n};
    q.column_of = malloc(q.n * sizeof *q.column_of);
    q.const_of = malloc(q.n * sizeof *q.const_of);
    q.place = malloc(q.n * sizeof *q.place);
    q.filled = malloc(q.n * sizeof *q.filled);
    q.last = malloc(q.n * sizeof *q.last);
    q.needed = malloc(q.n * sizeof *q.needed);
    q.free = malloc(2 * q.n * sizeof *q.free);
    bool ok = q.column_of && q.const_of && q.place && q.filled && q.last && q.needed &&
              q.free;
    if (ok) {
        memset(q.column_of, 0xff, q.n * sizeof *q.column_of);
        memset(q.const_of, 0xff, q.n * sizeof *q.const_of);
    }
    for (int order = 0; ok && order <= 2; order++) ok = plan_order(&q, order);
    ok = ok && store_tables(&q);
    free(q.column_of);
    free(q.const_of);
    free(q.place);
    free(q.filled);
    free(q.last);
    free(q.needed);
    free(q.free);
    return ok;
}
