/* law_resolve.c - laws made from a formula alone; what names mean beside a table. */
#include "law/law_data.h"

#include "base/text.h"

#include "formula/tree.h"

#include <string.h>

static bool is_among(const char *const *names, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (!strcmp(names[i], name)) return true;
    return false;
}

kl_status kl_law_from_formula(kl_law **out, const char *text, kl_error *err)
{
    *out = NULL;
    kl_law *law = kl_law_new();
    if (!law) return kl_fail_nomem(err);
    law->name = "formula";
    law->from_formula = true;
    law->text = kl_arena_strdup(&law->arena, text);
    kl_status status = law->text ? kl_formula_parse(&law->formula, text, "law", err)
                                 : kl_fail_nomem(err);
    if (!status && kl_formula_get_relation(law->formula) != KL_RELATION_NONE)
        status = kl_fail(err, KL_E_USAGE, "law '%s' is a comparison", text);
    if (status)
        kl_law_free(law);
    else
        *out = law;
    return status;
}

/* "'params', 'tokens', 'loss'" */
static void list_columns(kl_text *t, const char *const *columns, size_t n)
{
    enum { MOST = 12 };
    for (size_t i = 0; i < n && i < MOST; i++)
        kl_text_addf(t, "%s'%s'", i ? ", " : "", columns[i]);
    if (n > MOST) kl_text_addf(t, " and %zu more", n - MOST);
    if (!n) kl_text_add(t, "none");
}

static kl_status missing_column(const kl_law *law, const char *name, const char *unit,
                                const char *const *columns, size_t n_columns,
                                kl_error *err)
{
    kl_text list = {0};
    list_columns(&list, columns, n_columns);
    const kl_status status =
        list.failed
            ? kl_fail_nomem(err)
            : kl_fail(
                  err, KL_E_USAGE,
                  "law '%s' needs a column '%s'%s%s%s; name it with --map %s=COLUMN "
                  "(columns: %s)",
                  law->name, name, unit ? " (" : "", unit ? unit : "", unit ? ")" : "",
                  name, list.data);
    kl_text_free(&list);
    return status;
}

static kl_status two_roles(const char *name, kl_error *err)
{
    return kl_fail(
        err, KL_E_USAGE,
        "'%s' is both a column and a parameter of the law; rename the column with "
        "--map NEW=%s",
        name, name);
}

static kl_status check_columns(const kl_law *law, const char *const *columns,
                               size_t n_columns, kl_error *err)
{
    for (size_t i = 0; i < law->n_parameters; i++)
        if (is_among(columns, n_columns, law->parameters[i].name))
            return two_roles(law->parameters[i].name, err);
    for (size_t i = 0; i < law->n_inputs; i++)
        if (!is_among(columns, n_columns, law->inputs[i].name))
            return missing_column(law, law->inputs[i].name, law->inputs[i].unit,
                                  columns, n_columns, err);
    for (size_t i = 0; i < law->n_indices; i++)
        if (!is_among(columns, n_columns, law->indices[i]))
            return missing_column(law, law->indices[i], "a category", columns,
                                  n_columns, err);
    return KL_OK;
}

/* Names that are columns become inputs, the rest parameters. */
static kl_status assign_roles(kl_law *law, const char *const *columns, size_t n_columns,
                              kl_error *err)
{
    const kl_formula *f = law->formula;
    const size_t n = kl_formula_get_n_names(f);
    law->inputs = kl_arena_array(&law->arena, n, sizeof *law->inputs);
    law->parameters = kl_arena_array(&law->arena, n, sizeof *law->parameters);
    law->n_inputs = law->n_parameters = 0;
    if (!law->inputs || !law->parameters) return kl_fail_nomem(err);
    for (size_t i = 0; i < n; i++) {
        const char *name = kl_formula_get_name(f, i),
                   *index = kl_formula_get_index(f, i);
        const bool column = is_among(columns, n_columns, name);
        if (column && index) return two_roles(name, err);
        if (!strcmp(name, law->target.name))
            return kl_fail(err, KL_E_USAGE,
                           "the target '%s' occurs in its own law; name another target",
                           name);
        if (column) {
            law->inputs[law->n_inputs++].name = name;
            continue;
        }
        kl_law_parameter *p = &law->parameters[law->n_parameters++];
        kl_law_guess_parameter(p, f, name);
        p->name = name;
        p->index = index;
    }
    return KL_OK;
}

static bool has_power(const kl_formula *f)
{
    for (size_t i = 0; i < f->n_nodes; i++)
        if (f->nodes[i].op == KL_OP_POW) return true;
    return false;
}

/* True if the formula is a straight line or plane in its parameters. */
static kl_status is_affine(bool *out, const kl_law *law, kl_error *err)
{
    kl_arena arena = {0};
    kl_program *program = NULL;
    const size_t n = law->n_inputs + law->n_parameters;
    kl_symbol *symbols = kl_arena_array(&arena, n, sizeof *symbols);
    bool *linear = kl_arena_array(&arena, n, sizeof *linear);
    kl_status status = symbols && linear ? KL_OK : kl_fail_nomem(err);
    for (size_t i = 0; !status && i < law->n_inputs; i++)
        symbols[i] = (kl_symbol){.name = law->inputs[i].name,
                                 .kind = KL_SYMBOL_INPUT,
                                 .slot = i,
                                 .n_levels = 1};
    for (size_t i = 0; !status && i < law->n_parameters; i++)
        symbols[law->n_inputs + i] = (kl_symbol){.name = law->parameters[i].name,
                                                 .kind = KL_SYMBOL_PARAMETER,
                                                 .slot = i,
                                                 .n_levels = 1};
    if (!status) status = kl_program_new(&program, law->formula, symbols, n, err);
    if (!status)
        *out =
            kl_program_get_linear(program, linear) == kl_program_get_n_leaves(program);
    kl_program_free(program);
    kl_arena_free(&arena);
    return status;
}

kl_status kl_law_resolve(kl_law *law, const char *const *columns, size_t n_columns,
                         kl_error *err)
{
    if (!law->from_formula) return check_columns(law, columns, n_columns, err);
    law->resolved = false;
    kl_status status = assign_roles(law, columns, n_columns, err);
    if (!status) status = kl_law_collect_indices(law, err);
    if (!status) status = check_columns(law, columns, n_columns, err);
    bool line = false;
    if (!status && !has_power(law->formula)) status = is_affine(&line, law, err);
    for (size_t i = 0; line && i < law->n_parameters; i++)
        kl_law_guess_by_scale(&law->parameters[i], KL_SCALE_LINEAR);
    law->resolved = !status;
    return status;
}
