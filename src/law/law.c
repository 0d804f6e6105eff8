/* law.c - a law's life and its accessors. */
#include "law/law_data.h"

#include "base/unit.h"

#include <stdlib.h>
#include <string.h>

kl_law *kl_law_new(void)
{
    kl_law *law = calloc(1, sizeof *law);
    if (!law) return NULL;
    law->name = law->title = law->text = law->about = "";
    law->reference = law->cost = law->alias = "";
    law->residual = KL_RESIDUAL_LOG;
    law->target.name = "loss";
    return law;
}

void kl_law_free(kl_law *law)
{
    if (!law) return;
    kl_formula_free(law->formula);
    kl_arena_free(&law->arena);
    free(law);
}

bool kl_law_has_input(const kl_law *law, const char *name)
{
    for (size_t i = 0; i < law->n_inputs; i++)
        if (!strcmp(law->inputs[i].name, name)) return true;
    return false;
}

size_t kl_law_find_parameter(const kl_law *law, const char *name)
{
    size_t i = 0;
    while (i < law->n_parameters && strcmp(law->parameters[i].name, name)) i++;
    return i;
}

size_t kl_law_find_name(const kl_formula *f, const char *name)
{
    const size_t n = kl_formula_get_n_names(f);
    size_t i = 0;
    while (i < n && strcmp(kl_formula_get_name(f, i), name)) i++;
    return i;
}

kl_status kl_law_collect_indices(kl_law *law, kl_error *err)
{
    law->indices = kl_arena_array(&law->arena, law->n_parameters, sizeof *law->indices);
    if (!law->indices) return kl_fail_nomem(err);
    law->n_indices = 0;
    for (size_t i = 0; i < law->n_parameters; i++) {
        const char *index = law->parameters[i].index;
        bool known = !index;
        for (size_t k = 0; k < law->n_indices && !known; k++)
            known = !strcmp(index, law->indices[k]);
        if (!known) law->indices[law->n_indices++] = index;
    }
    return KL_OK;
}

/* Copies strings and arrays into one arena; remembers whether memory ran short. */
struct copier {
    kl_arena *arena;
    bool failed;
};

static const char *copy_text(struct copier *c, const char *s)
{
    if (!s) return NULL;
    const char *copy = kl_arena_strdup(c->arena, s);
    if (!copy) c->failed = true;
    return copy;
}

static void *copy_array(struct copier *c, const void *from, size_t n, size_t size)
{
    if (!from) return NULL;
    void *copy = kl_arena_array(c->arena, n, size);
    if (!copy)
        c->failed = true;
    else if (n)
        memcpy(copy, from, n * size);
    return copy;
}

static kl_law_input copy_input(struct copier *c, const kl_law_input *from)
{
    return (kl_law_input){.name = copy_text(c, from->name),
                          .unit = copy_text(c, from->unit),
                          .about = copy_text(c, from->about)};
}

static void copy_parameter(struct copier *c, kl_law_parameter *p)
{
    p->name = copy_text(c, p->name);
    p->index = copy_text(c, p->index);
    p->unit = copy_text(c, p->unit);
    p->about = copy_text(c, p->about);
    p->grid = copy_array(c, p->grid, p->n_grid, sizeof *p->grid);
}

static void copy_published(struct copier *c, kl_law_published *p, size_t n_parameters)
{
    p->source = copy_text(c, p->source);
    p->label = copy_text(c, p->label);
    p->data = copy_text(c, p->data);
    p->note = copy_text(c, p->note);
    p->values = copy_array(c, p->values, n_parameters, sizeof *p->values);
}

static void copy_lists(struct copier *c, kl_law *to, const kl_law *from)
{
    to->inputs = copy_array(c, from->inputs, from->n_inputs, sizeof *from->inputs);
    for (size_t i = 0; i < from->n_inputs && to->inputs; i++)
        to->inputs[i] = copy_input(c, &from->inputs[i]);
    to->parameters =
        copy_array(c, from->parameters, from->n_parameters, sizeof *from->parameters);
    for (size_t i = 0; i < from->n_parameters && to->parameters; i++)
        copy_parameter(c, &to->parameters[i]);
    to->published =
        copy_array(c, from->published, from->n_published, sizeof *from->published);
    for (size_t i = 0; i < from->n_published && to->published; i++)
        copy_published(c, &to->published[i], from->n_parameters);
}

kl_status kl_law_copy(kl_law **out, const kl_law *law, kl_error *err)
{
    *out = NULL;
    kl_law *copy = malloc(sizeof *copy);
    if (!copy) return kl_fail_nomem(err);
    *copy = *law; /* numbers; every pointer is replaced below */
    copy->formula = NULL;
    copy->arena = (kl_arena){0};
    struct copier c = {.arena = &copy->arena};
    copy->name = copy_text(&c, law->name);
    copy->title = copy_text(&c, law->title);
    copy->text = copy_text(&c, law->text);
    copy->about = copy_text(&c, law->about);
    copy->reference = copy_text(&c, law->reference);
    copy->cost = copy_text(&c, law->cost);
    copy->alias = copy_text(&c, law->alias);
    copy->target = copy_input(&c, &law->target);
    copy_lists(&c, copy, law);
    kl_status status = c.failed ? kl_fail_nomem(err) : KL_OK;
    if (!status) status = kl_formula_parse(&copy->formula, copy->text, "law", err);
    if (!status) status = kl_law_collect_indices(copy, err);
    if (status)
        kl_law_free(copy);
    else
        *out = copy;
    return status;
}

bool kl_law_is_resolved(const kl_law *law)
{
    return law->resolved;
}

const char *kl_law_get_name(const kl_law *law)
{
    return law->name;
}

const char *kl_law_get_title(const kl_law *law)
{
    return law->title;
}

const char *kl_law_get_text(const kl_law *law)
{
    return law->text;
}

const char *kl_law_get_about(const kl_law *law)
{
    return law->about;
}

const char *kl_law_get_reference(const kl_law *law)
{
    return law->reference;
}

const char *kl_law_get_cost(const kl_law *law)
{
    return law->cost;
}

const kl_formula *kl_law_get_formula(const kl_law *law)
{
    return law->formula;
}

const kl_law_input *kl_law_get_target(const kl_law *law)
{
    return &law->target;
}

kl_residual kl_law_get_residual(const kl_law *law)
{
    return law->residual;
}

kl_status kl_law_set_target(kl_law *law, const char *name, kl_error *err)
{
    const char *copy = kl_arena_strdup(&law->arena, name);
    if (!copy) return kl_fail_nomem(err);
    law->target.name = copy;
    return KL_OK;
}

size_t kl_law_get_n_inputs(const kl_law *law)
{
    return law->n_inputs;
}

const kl_law_input *kl_law_get_input(const kl_law *law, size_t i)
{
    return &law->inputs[i];
}

size_t kl_law_get_n_indices(const kl_law *law)
{
    return law->n_indices;
}

const char *kl_law_get_index(const kl_law *law, size_t i)
{
    return law->indices[i];
}

size_t kl_law_get_n_parameters(const kl_law *law)
{
    return law->n_parameters;
}

const kl_law_parameter *kl_law_get_parameter(const kl_law *law, size_t i)
{
    return &law->parameters[i];
}

size_t kl_law_get_n_published(const kl_law *law)
{
    return law->n_published;
}

const kl_law_published *kl_law_get_published(const kl_law *law, size_t i)
{
    return &law->published[i];
}

const kl_law_published *kl_law_get_chosen(const kl_law *law)
{
    return law->chosen ? &law->published[law->chosen - 1] : NULL;
}

kl_status kl_unit_factor(double *factor, const char *from, const char *to,
                         kl_error *err)
{
    return kl_unit_convert_factor(factor, from, to, err);
}
