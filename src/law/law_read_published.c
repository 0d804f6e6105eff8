/* law_read_published.c - the section `published` of a law file. */
#include "law/law_read.h"

#include <math.h>
#include <string.h>

static const char *const published_keys[] = {"source", "label",  "data",
                                             "note",   "values", NULL};

static kl_status read_values(double *values, const kl_law *law, const kl_reader *r,
                             const kl_yaml *node)
{
    if (node->kind != KL_YAML_MAP || !node->n)
        return kl_node_fail(r, node, KL_E_PARSE,
                            "values must be 'PARAMETER: number' pairs");
    for (size_t i = 0; i < law->n_parameters; i++) values[i] = NAN;
    for (const kl_yaml *child = node->first; child; child = child->next) {
        const size_t i = kl_law_find_parameter(law, child->key);
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

kl_status kl_law_read_published(kl_law *law, const kl_reader *r, const kl_yaml *root)
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
