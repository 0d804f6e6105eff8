/* law_read_parameter.c - the section `parameters` of a law file.
 *
 * What the file leaves out is guessed from the formula first; then scale, range and
 * start replace the guess in this order, because each limits the next. */
#include "law/law_read.h"

#include <math.h>
#include <string.h>

enum { MAX_GRID = 1000 }; /* values in one parameter's grid */

static const char *const parameter_keys[] = {"range", "scale",   "start", "like",
                                             "grid",  "grid_ln", "unit",  "about",
                                             "index", NULL};

static kl_status read_scale(kl_law_parameter *p, const kl_reader *r,
                            const kl_yaml *node)
{
    size_t choice = p->scale == KL_SCALE_LOG;
    const kl_status status = kl_node_get_choice(&choice, r, node, "scale",
                                                (const char *const[]){"linear", "log"});
    const kl_scale scale = choice ? KL_SCALE_LOG : KL_SCALE_LINEAR;
    if (!status && scale != p->scale) kl_law_guess_by_scale(p, scale);
    return status;
}

static kl_status read_range(kl_law_parameter *p, const kl_reader *r,
                            const kl_yaml *node)
{
    const kl_yaml *range = kl_yaml_get(node, "range");
    if (!range) return KL_OK;
    const kl_status status = kl_node_interval(&p->lo, &p->hi, r, range, true);
    if (status) return status;
    if (p->scale == KL_SCALE_LOG && !(p->lo >= 0))
        return kl_node_fail(r, range, KL_E_PARSE,
                            "range of '%s' goes below 0, but its scale is log",
                            p->name);
    p->start_lo = fmax(p->start_lo, p->lo);
    p->start_hi = fmin(p->start_hi, p->hi);
    return KL_OK;
}

static kl_status read_start(kl_law_parameter *p, const kl_reader *r,
                            const kl_yaml *node)
{
    const kl_yaml *start = kl_yaml_get(node, "start");
    if (!start) {
        if (p->start_lo < p->start_hi) return KL_OK;
        return kl_node_fail_key(
            r, node, KL_E_PARSE,
            "parameter '%s' needs 'start: [LOW, HIGH]' for its range", p->name);
    }
    const kl_status status =
        kl_node_interval(&p->start_lo, &p->start_hi, r, start, false);
    if (status) return status;
    if (!(p->start_lo >= p->lo && p->start_hi <= p->hi))
        return kl_node_fail(r, start, KL_E_PARSE,
                            "start of '%s' is not within its range", p->name);
    if (p->scale == KL_SCALE_LOG && !(p->start_lo > 0))
        return kl_node_fail(r, start, KL_E_PARSE,
                            "start of '%s' must be above 0: its scale is log", p->name);
    return KL_OK;
}

static kl_status read_like(kl_law_parameter *p, const kl_law *law, const kl_reader *r,
                           const kl_yaml *node)
{
    const kl_status status = kl_node_get_text(&p->like, r, node, "like");
    if (status || !p->like || kl_law_has_input(law, p->like)) return status;
    return kl_node_fail(r, kl_yaml_get(node, "like"), KL_E_PARSE,
                        "'%s' is no input that '%s' could be like", p->like, p->name);
}

static kl_status read_grid(kl_law_parameter *p, const kl_reader *r, const kl_yaml *node)
{
    const kl_yaml *plain = kl_yaml_get(node, "grid"),
                  *logs = kl_yaml_get(node, "grid_ln");
    const kl_yaml *grid = plain ? plain : logs;
    if (!grid) return KL_OK;
    if (plain && logs)
        return kl_node_fail_key(r, logs, KL_E_PARSE,
                                "both 'grid' and 'grid_ln' for '%s'", p->name);
    kl_status status = kl_node_check_list(r, grid);
    if (status) return status;
    if (!grid->n || grid->n > MAX_GRID)
        return kl_node_fail(r, grid, KL_E_PARSE, "'%s' must have 1 to %d values",
                            grid->key, MAX_GRID);
    double *values = kl_arena_array(r->arena, grid->n, sizeof *values);
    if (!values) return kl_fail_nomem(r->err);
    size_t n = 0;
    for (const kl_yaml *child = grid->first; child; child = child->next, n++) {
        status = kl_node_number(&values[n], r, child, false);
        if (status) return status;
        if (logs) values[n] = exp(values[n]);
        if (!(values[n] >= p->lo && values[n] <= p->hi && isfinite(values[n])))
            return kl_node_fail(r, child, KL_E_PARSE, "%s is outside the range of '%s'",
                                child->text, p->name);
    }
    p->grid = values;
    p->n_grid = n;
    return KL_OK;
}

static kl_status read_index(kl_law_parameter *p, const kl_law *law, const kl_reader *r,
                            const kl_yaml *node)
{
    p->index =
        kl_formula_get_index(law->formula, kl_law_find_name(law->formula, p->name));
    const char *index = p->index;
    const kl_status status = kl_node_get_text(&index, r, node, "index");
    if (status || !index || (p->index && !strcmp(index, p->index))) return status;
    return kl_node_fail(r, kl_yaml_get(node, "index"), KL_E_PARSE,
                        "the formula does not say '%s[%s]'", p->name, index);
}

static kl_status read_parameter(kl_law_parameter *p, const kl_law *law,
                                const kl_reader *r, const kl_yaml *node)
{
    p->name = node->key;
    kl_status status = kl_node_check_keys(r, node, "a parameter", parameter_keys);
    if (status) return status;
    if (kl_law_has_input(law, p->name))
        return kl_node_fail_key(r, node, KL_E_PARSE,
                                "'%s' is both an input and a parameter", p->name);
    if (kl_law_find_name(law->formula, p->name) == kl_formula_get_n_names(law->formula))
        return kl_node_fail_key(r, node, KL_E_PARSE,
                                "parameter '%s' does not occur in the formula",
                                p->name);
    kl_law_guess_parameter(p, law->formula, p->name);
    status = read_scale(p, r, node);
    if (!status) status = read_range(p, r, node);
    if (!status) status = read_start(p, r, node);
    if (!status) status = read_like(p, law, r, node);
    if (!status) status = read_grid(p, r, node);
    if (!status) status = read_index(p, law, r, node);
    if (!status) status = kl_node_get_unit(&p->unit, r, node, "unit");
    if (!status) status = kl_node_get_text(&p->about, r, node, "about");
    return status;
}

kl_status kl_law_read_parameters(kl_law *law, const kl_reader *r, const kl_yaml *root)
{
    const kl_yaml *node = kl_yaml_get(root, "parameters");
    if (!node) return KL_OK;
    if (node->kind != KL_YAML_MAP)
        return kl_node_fail(r, node, KL_E_PARSE,
                            "parameters must be 'NAME: {...}' pairs");
    law->parameters = kl_arena_array(r->arena, node->n, sizeof *law->parameters);
    if (!law->parameters) return kl_fail_nomem(r->err);
    for (const kl_yaml *child = node->first; child; child = child->next) {
        const kl_status status =
            read_parameter(&law->parameters[law->n_parameters++], law, r, child);
        if (status) return status;
    }
    return KL_OK;
}
