/* law_write.c - a law as YAML text that reads back to an equal law. */
#include "law/law_data.h"

#include "base/number.h"
#include "base/text.h"

#include <math.h>

/* Double-quoted, so that any text survives. */
static void add_quoted(kl_text *t, const char *s)
{
    kl_text_add(t, "\"");
    for (; *s; s++) {
        const unsigned char c = (unsigned char)*s;
        if (c == '"' || c == '\\')
            kl_text_addf(t, "\\%c", c);
        else if (c < 0x20 || c == 0x7f)
            kl_text_addf(t, "\\x%02x", c);
        else
            kl_text_add_bytes(t, s, 1);
    }
    kl_text_add(t, "\"");
}

/* "key: text" with what goes before it; nothing for an absent or empty text. */
static void add_text(kl_text *t, const char *before, const char *key, const char *s)
{
    if (!s || !*s) return;
    kl_text_addf(t, "%s%s: ", before, key);
    add_quoted(t, s);
}

static void add_number(kl_text *t, double value)
{
    char buf[32];
    kl_text_add(t, kl_number_format_exact(buf, value));
}

static void add_interval(kl_text *t, const char *key, double lo, double hi)
{
    kl_text_addf(t, ", %s: [", key);
    add_number(t, lo);
    kl_text_add(t, ", ");
    add_number(t, hi);
    kl_text_add(t, "]");
}

static void add_input(kl_text *t, const kl_law_input *input)
{
    kl_text_add(t, "  ");
    add_quoted(t, input->name);
    kl_text_add(t, ": {");
    add_text(t, "", "unit", input->unit);
    add_text(t, input->unit ? ", " : "", "about", input->about);
    kl_text_add(t, "}\n");
}

static void add_parameter(kl_text *t, const kl_law_parameter *p)
{
    kl_text_add(t, "  ");
    add_quoted(t, p->name);
    kl_text_addf(t, ": {scale: %s", p->scale == KL_SCALE_LOG ? "log" : "linear");
    add_interval(t, "range", p->lo, p->hi);
    add_interval(t, "start", p->start_lo, p->start_hi);
    for (size_t i = 0; i < p->n_grid; i++) {
        kl_text_add(t, i ? ", " : ", grid: [");
        add_number(t, p->grid[i]);
    }
    if (p->n_grid) kl_text_add(t, "]");
    add_text(t, ", ", "like", p->like);
    add_text(t, ", ", "unit", p->unit);
    add_text(t, ", ", "about", p->about);
    add_text(t, ", ", "index", p->index);
    kl_text_add(t, "}\n");
}

static void add_published(kl_text *t, const kl_law *law, const kl_law_published *p)
{
    add_text(t, "  - {", "source", p->source);
    add_text(t, ", ", "label", p->label);
    add_text(t, ",\n     ", "data", p->data);
    add_text(t, ",\n     ", "note", p->note);
    kl_text_add(t, ",\n     values: {");
    const char *before = "";
    for (size_t i = 0; i < law->n_parameters; i++) {
        if (isnan(p->values[i])) continue;
        kl_text_add(t, before);
        add_quoted(t, law->parameters[i].name);
        kl_text_add(t, ": ");
        add_number(t, p->values[i]);
        before = ", ";
    }
    kl_text_add(t, "}}\n");
}

kl_status kl_law_to_yaml(char **out, const kl_law *law, kl_error *err)
{
    *out = NULL;
    if (!law->resolved)
        return kl_fail(err, KL_E_USAGE, "the names of law '%s' have no roles yet",
                       law->text);
    kl_text t = {0};
    kl_text_addf(&t, "name: %s", law->name);
    add_text(&t, "\n", "title", law->title);
    add_text(&t, "\n", "about", law->about);
    add_text(&t, "\n", "formula", law->text);
    kl_text_addf(&t, "\nresidual: %s",
                 law->residual == KL_RESIDUAL_LINEAR ? "linear" : "log");
    add_text(&t, "\n", "cost", law->cost);
    add_text(&t, "\n", "reference", law->reference);
    add_text(&t, "\n", "alias", law->alias);
    kl_text_add(&t, "\ntarget: {name: ");
    add_quoted(&t, law->target.name);
    add_text(&t, ", ", "unit", law->target.unit);
    add_text(&t, ", ", "about", law->target.about);
    kl_text_add(&t, "}\n");
    if (law->n_inputs) kl_text_add(&t, "inputs:\n");
    for (size_t i = 0; i < law->n_inputs; i++) add_input(&t, &law->inputs[i]);
    if (law->n_parameters) kl_text_add(&t, "parameters:\n");
    for (size_t i = 0; i < law->n_parameters; i++)
        add_parameter(&t, &law->parameters[i]);
    if (law->n_published) kl_text_add(&t, "published:\n");
    for (size_t i = 0; i < law->n_published; i++)
        add_published(&t, law, &law->published[i]);
    *out = kl_text_take(&t);
    return *out ? KL_OK : kl_fail_nomem(err);
}
