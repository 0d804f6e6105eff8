/* law_read.c - a law from YAML: sections in order, each value checked where it stands.
 *
 * The tree and the law share one arena, so texts are not copied. docs/laws.md lists the
 * keys. */
#include "law/law_data.h"
#include "law/law_node.h"

#include "base/text.h"

#include <math.h>
#include <string.h>

enum { MAX_GRID = 1000 }; /* values in one parameter's grid */

static const char *const law_keys[] = {
    "name",   "title",      "about",     "formula", "residual",  "cost", "target",
    "inputs", "parameters", "reference", "alias",   "published", NULL};
static const char *const target_keys[] = {"name", "unit", "about", NULL};
static const char *const input_keys[] = {"unit", "about", NULL};
static const char *const parameter_keys[] = {
    "range", "scale", "start", "grid", "grid_ln", "unit", "about", "index", NULL};
static const char *const published_keys[] = {"source", "label",  "data",
                                             "note",   "values", NULL};

static bool is_input(const kl_law *law, const char *name)
{
    for (size_t i = 0; i < law->n_inputs; i++)
        if (!strcmp(law->inputs[i].name, name)) return true;
    return false;
}

static size_t find_parameter(const kl_law *law, const char *name)
{
    size_t i = 0;
    while (i < law->n_parameters && strcmp(law->parameters[i].name, name)) i++;
    return i;
}

/* Place of a name in a formula; its number of names if it is absent. */
static size_t find_name(const kl_formula *f, const char *name)
{
    const size_t n = kl_formula_get_n_names(f);
    size_t i = 0;
    while (i < n && strcmp(kl_formula_get_name(f, i), name)) i++;
    return i;
}

static bool occurs(const kl_formula *f, const char *name)
{
    if (find_name(f, name) < kl_formula_get_n_names(f)) return true;
    for (size_t i = 0; i < kl_formula_get_n_names(f); i++) {
        const char *index = kl_formula_get_index(f, i);
        if (index && !strcmp(index, name)) return true;
    }
    return false;
}

static kl_status read_choice(size_t *out, const kl_reader *r, const kl_yaml *map,
                             const char *key, const char *const choices[2])
{
    const char *text = NULL;
    const kl_status status = kl_node_get_text(&text, r, map, key);
    if (status || !text) return status;
    for (size_t i = 0; i < 2; i++) {
        if (strcmp(text, choices[i])) continue;
        *out = i;
        return KL_OK;
    }
    return kl_node_fail(r, kl_yaml_get(map, key), KL_E_PARSE,
                        "'%s' is '%s', not '%s' or '%s'", key, text, choices[0],
                        choices[1]);
}

static kl_status read_residual(kl_law *law, const kl_reader *r, const kl_yaml *root)
{
    size_t choice = 0;
    const kl_status status = read_choice(&choice, r, root, "residual",
                                         (const char *const[]){"log", "linear"});
    law->residual = choice ? KL_RESIDUAL_LINEAR : KL_RESIDUAL_LOG;
    return status;
}

static kl_status read_target(kl_law *law, const kl_reader *r, const kl_yaml *root)
{
    const kl_yaml *node = kl_yaml_get(root, "target");
    if (!node) return KL_OK;
    kl_status status = kl_node_check_keys(r, node, "target", target_keys);
    if (!status) status = kl_node_get_text(&law->target.name, r, node, "name");
    if (!status) status = kl_node_get_unit(&law->target.unit, r, node, "unit");
    if (!status) status = kl_node_get_text(&law->target.about, r, node, "about");
    if (!status && occurs(law->formula, law->target.name))
        status =
            kl_node_fail(r, node, KL_E_PARSE,
                         "the target '%s' occurs in its own formula", law->target.name);
    return status;
}

static kl_status read_inputs(kl_law *law, const kl_reader *r, const kl_yaml *root)
{
    const kl_yaml *node = kl_yaml_get(root, "inputs");
    if (!node) return KL_OK;
    if (node->kind != KL_YAML_MAP)
        return kl_node_fail(r, node, KL_E_PARSE, "inputs must be 'NAME: {...}' pairs");
    law->inputs = kl_arena_array(r->arena, node->n, sizeof *law->inputs);
    if (!law->inputs) return kl_fail_nomem(r->err);
    for (const kl_yaml *child = node->first; child; child = child->next) {
        kl_law_input *input = &law->inputs[law->n_inputs++];
        input->name = child->key;
        kl_status status = kl_node_check_keys(r, child, "an input", input_keys);
        if (!status) status = kl_node_get_unit(&input->unit, r, child, "unit");
        if (!status) status = kl_node_get_text(&input->about, r, child, "about");
        if (status) return status;
        if (!occurs(law->formula, input->name))
            return kl_node_fail_key(r, child, KL_E_PARSE,
                                    "input '%s' does not occur in the formula",
                                    input->name);
    }
    return KL_OK;
}

static kl_status read_scale(kl_law_parameter *p, const kl_reader *r,
                            const kl_yaml *node)
{
    size_t choice = p->scale == KL_SCALE_LOG;
    const kl_status status =
        read_choice(&choice, r, node, "scale", (const char *const[]){"linear", "log"});
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
    p->index = kl_formula_get_index(law->formula, find_name(law->formula, p->name));
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
    if (is_input(law, p->name))
        return kl_node_fail_key(r, node, KL_E_PARSE,
                                "'%s' is both an input and a parameter", p->name);
    if (find_name(law->formula, p->name) == kl_formula_get_n_names(law->formula))
        return kl_node_fail_key(r, node, KL_E_PARSE,
                                "parameter '%s' does not occur in the formula",
                                p->name);
    kl_law_guess_parameter(p, law->formula, p->name);
    status = read_scale(p, r, node);
    if (!status) status = read_range(p, r, node);
    if (!status) status = read_start(p, r, node);
    if (!status) status = read_grid(p, r, node);
    if (!status) status = read_index(p, law, r, node);
    if (!status) status = kl_node_get_unit(&p->unit, r, node, "unit");
    if (!status) status = kl_node_get_text(&p->about, r, node, "about");
    return status;
}

static kl_status read_parameters(kl_law *law, const kl_reader *r, const kl_yaml *root)
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

/* Every name of the formula must have become an input or a parameter. */
static kl_status check_names(const kl_law *law, const kl_reader *r, const kl_yaml *root)
{
    const char *known[64]; /* enough to find a misspelt one among them */
    size_t n_known = 0;
    for (size_t i = 0; i < law->n_inputs && n_known < 64; i++)
        known[n_known++] = law->inputs[i].name;
    for (size_t i = 0; i < law->n_parameters && n_known < 64; i++)
        known[n_known++] = law->parameters[i].name;
    for (size_t i = 0; i < kl_formula_get_n_names(law->formula); i++) {
        const char *name = kl_formula_get_name(law->formula, i);
        if (is_input(law, name) || find_parameter(law, name) < law->n_parameters)
            continue;
        const char *near = kl_text_nearest(name, known, n_known);
        return kl_node_fail(r, kl_yaml_get(root, "formula"), KL_E_PARSE,
                            "'%s' in the formula is neither an input nor a parameter"
                            "%s%s%s",
                            name, near ? "; did you mean '" : "", near ? near : "",
                            near ? "'?" : "");
    }
    return KL_OK;
}

static kl_status read_values(double *values, const kl_law *law, const kl_reader *r,
                             const kl_yaml *node)
{
    if (node->kind != KL_YAML_MAP || !node->n)
        return kl_node_fail(r, node, KL_E_PARSE,
                            "values must be 'PARAMETER: number' pairs");
    for (size_t i = 0; i < law->n_parameters; i++) values[i] = NAN;
    for (const kl_yaml *child = node->first; child; child = child->next) {
        const size_t i = find_parameter(law, child->key);
        if (i == law->n_parameters)
            return kl_node_fail_key(r, child, KL_E_PARSE, "'%s' is not a parameter",
                                    child->key);
        const kl_law_parameter *p = &law->parameters[i];
        if (p->index)
            return kl_node_fail_key(
                r, child, KL_E_PARSE,
                "'%s' has one value per '%s': it can't be published", p->name,
                p->index);
        const kl_status status = kl_node_number(&values[i], r, child, false);
        if (status) return status;
        if (!(values[i] >= p->lo && values[i] <= p->hi))
            return kl_node_fail(r, child, KL_E_PARSE, "%s is outside the range of '%s'",
                                child->text, p->name);
    }
    return KL_OK;
}

static bool same_text(const char *a, const char *b)
{
    return a && b ? !strcmp(a, b) : a == b;
}

static kl_status read_published(kl_law_published *p, const kl_law *law,
                                const kl_reader *r, const kl_yaml *node)
{
    kl_status status = kl_node_check_keys(r, node, "a published fit", published_keys);
    if (!status) status = kl_node_get_word(&p->source, r, node, "source");
    if (!status) status = kl_node_get_word(&p->label, r, node, "label");
    if (!status) status = kl_node_get_text(&p->data, r, node, "data");
    if (!status) status = kl_node_get_text(&p->note, r, node, "note");
    if (status) return status;
    const kl_yaml *given = kl_yaml_get(node, "values");
    if (!p->source || !given)
        return kl_node_fail(r, node, KL_E_PARSE, "a published fit needs '%s'",
                            given ? "source" : "values");
    for (const kl_law_published *old = law->published; old < p; old++)
        if (same_text(old->source, p->source) && same_text(old->label, p->label))
            return kl_node_fail(
                r, node, KL_E_PARSE, "a second fit '%s%s%s': give each its own label",
                p->source, p->label ? ":" : "", p->label ? p->label : "");
    double *values = kl_arena_array(r->arena, law->n_parameters, sizeof *values);
    if (!values) return kl_fail_nomem(r->err);
    p->values = values;
    return read_values(values, law, r, given);
}

static kl_status read_all_published(kl_law *law, const kl_reader *r,
                                    const kl_yaml *root)
{
    const kl_yaml *node = kl_yaml_get(root, "published");
    if (!node) return KL_OK;
    kl_status status = kl_node_check_list(r, node);
    if (status) return status;
    law->published = kl_arena_array(r->arena, node->n, sizeof *law->published);
    if (!law->published) return kl_fail_nomem(r->err);
    for (const kl_yaml *child = node->first; child && !status; child = child->next)
        status = read_published(&law->published[law->n_published++], law, r, child);
    return status;
}

static kl_status read_formula(kl_law *law, const kl_reader *r, const kl_yaml *root)
{
    const kl_yaml *node = kl_yaml_get(root, "formula");
    if (!node) return kl_node_fail(r, root, KL_E_PARSE, "key 'formula' is missing");
    kl_status status = kl_node_get_text(&law->text, r, root, "formula");
    if (!status) status = kl_node_formula(&law->formula, r, node);
    if (!status && kl_formula_get_relation(law->formula) != KL_RELATION_NONE)
        status = kl_node_fail(r, node, KL_E_PARSE, "a law can't be a comparison");
    return status;
}

/* The cost is a formula of inputs only. */
static kl_status read_cost(kl_law *law, const kl_reader *r, const kl_yaml *root)
{
    kl_status status = kl_node_get_text(&law->cost, r, root, "cost");
    if (status || !*law->cost) return status;
    const kl_yaml *node = kl_yaml_get(root, "cost");
    kl_formula *cost = NULL;
    status = kl_node_formula(&cost, r, node);
    for (size_t i = 0; !status && i < kl_formula_get_n_names(cost); i++)
        if (!is_input(law, kl_formula_get_name(cost, i)))
            status =
                kl_node_fail(r, node, KL_E_PARSE, "'%s' in the cost is not an input",
                             kl_formula_get_name(cost, i));
    kl_formula_free(cost);
    return status;
}

static kl_status read_law(kl_law *law, const kl_reader *r, const kl_yaml *root)
{
    kl_status status = kl_node_check_keys(r, root, "a law", law_keys);
    if (!status) status = kl_node_get_word(&law->name, r, root, "name");
    if (!status && !*law->name)
        status = kl_node_fail(r, root, KL_E_PARSE, "key 'name' is missing");
    if (!status) status = kl_node_get_text(&law->title, r, root, "title");
    if (!status) status = kl_node_get_text(&law->about, r, root, "about");
    if (!status) status = kl_node_get_word(&law->reference, r, root, "reference");
    if (!status) status = kl_node_get_word(&law->alias, r, root, "alias");
    if (!status) status = read_residual(law, r, root);
    if (!status) status = read_formula(law, r, root);
    if (!status) status = read_target(law, r, root);
    if (!status) status = read_inputs(law, r, root);
    if (!status) status = read_parameters(law, r, root);
    if (!status) status = check_names(law, r, root);
    if (!status) status = read_cost(law, r, root);
    if (!status) status = read_all_published(law, r, root);
    if (!status) status = kl_law_collect_indices(law, r->err);
    law->resolved = true;
    return status;
}

kl_status kl_law_parse(kl_law **out, const char *yaml, size_t n_bytes,
                       const char *origin, kl_error *err)
{
    *out = NULL;
    kl_law *law = kl_law_new();
    if (!law) return kl_fail_nomem(err);
    const kl_reader reader = {.arena = &law->arena, .origin = origin, .err = err};
    const kl_yaml *root;
    kl_status status = kl_yaml_parse(&root, &law->arena, yaml, n_bytes, origin, err);
    if (!status) status = read_law(law, &reader, root);
    if (status)
        kl_law_free(law);
    else
        *out = law;
    return status;
}
