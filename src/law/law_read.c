/* law_read.c - a law from YAML: sections in order, each value checked where it stands.
 *
 * The tree and the law share one arena, so texts are not copied. docs/laws.md lists the
 * keys. */
#include "law/law_read.h"

#include "base/text.h"

#include <string.h>

static const char *const law_keys[] = {
    "name",   "title",      "about",     "formula", "residual",  "cost", "target",
    "inputs", "parameters", "reference", "alias",   "published", NULL};
static const char *const target_keys[] = {"name", "unit", "about", NULL};
static const char *const input_keys[] = {"unit", "about", NULL};

/* True if the formula reads a name, as a number or as an index. */
static bool occurs(const kl_formula *f, const char *name)
{
    if (kl_law_find_name(f, name) < kl_formula_get_n_names(f)) return true;
    for (size_t i = 0; i < kl_formula_get_n_names(f); i++) {
        const char *index = kl_formula_get_index(f, i);
        if (index && !strcmp(index, name)) return true;
    }
    return false;
}

static kl_status read_residual(kl_law *law, const kl_reader *r, const kl_yaml *root)
{
    size_t choice = 0;
    const kl_status status = kl_node_get_choice(&choice, r, root, "residual",
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
        if (kl_law_has_input(law, name) ||
            kl_law_find_parameter(law, name) < law->n_parameters)
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
        if (!kl_law_has_input(law, kl_formula_get_name(cost, i)))
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
    if (!status) status = kl_law_read_parameters(law, r, root);
    if (!status) status = check_names(law, r, root);
    if (!status) status = read_cost(law, r, root);
    if (!status) status = kl_law_read_published(law, r, root);
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
