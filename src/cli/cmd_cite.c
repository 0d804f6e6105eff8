/* cmd_cite.c - kleiber cite: BibTeX for a law and for the methods that a fit used. */
#include "cli/cli_output.h"
#include "cli/cli_source.h"
#include "cli/cli_verbs.h"

#include <string.h>

enum { MAX_REFERENCES = 64 };

typedef struct reference {
    const char *key, *why;
} reference;

typedef struct references {
    reference list[MAX_REFERENCES];
    size_t n;
} references;

/* Add a key once; one that the library does not know is left to the reader. */
static void add(references *refs, const char *key, const char *why)
{
    if (!key || !*key || !kl_reference_get_bibtex(key) || refs->n == MAX_REFERENCES)
        return;
    for (size_t i = 0; i < refs->n; i++)
        if (!strcmp(refs->list[i].key, key)) return;
    refs->list[refs->n++] = (reference){key, why};
}

/* A law's own strings do not outlive it. */
static const char *kept(const char *s, kl_args *args)
{
    return kl_arena_strdup(&args->arena, s);
}

static void add_law(references *refs, const kl_law *law, kl_args *args)
{
    const kl_law_published *chosen = kl_law_get_chosen(law);
    add(refs, kept(kl_law_get_reference(law), args), "the law");
    if (chosen) add(refs, kept(chosen->source, args), "the published fit");
}

/* What a fit rests on (src/fit/README.md). */
static void add_methods(references *refs, const kl_fit *fit)
{
    const kl_fit_summary s = kl_fit_get_summary(fit);
    if (kl_fit_get_outcome(fit) == KL_FIT_GIVEN) return;
    if (s.objective == KL_OBJECTIVE_HUBER || s.objective == KL_OBJECTIVE_HUBER_MLE ||
        s.objective == KL_OBJECTIVE_ASYMMETRIC)
        add(refs, "huber1964", "the objective");
    if (s.objective == KL_OBJECTIVE_HUBER)
        add(refs, "hoffmann2022", "Huber loss on log residuals");
    if (s.objective == KL_OBJECTIVE_HUBER_MLE)
        add(refs, "besiroglu2024", "the Huber likelihood");
    add(refs, "golub1973", "variable projection");
    add(refs, "conn2000", "the trust region");
    if (s.bootstrap) add(refs, "efron1993", "the bootstrap");
    const double *x, *objective;
    for (size_t i = 0; i < kl_fit_get_n_parameters(fit); i++)
        if (kl_fit_get_profile(fit, i, &x, &objective))
            add(refs, "wilks1938", "profile-likelihood intervals");
    add(refs, "white1980", "curvature intervals");
}

static bool is_fit_file(const char *word)
{
    const size_t n = strlen(word);
    return !strcmp(word, "-") || (n > 5 && !strcmp(word + n - 5, ".json"));
}

static kl_status add_operand(references *refs, const char *word, kl_args *args,
                             kl_error *err)
{
    kl_fit *fit = NULL;
    kl_law *law = NULL;
    kl_status status = is_fit_file(word) ? kl_source_fit(&fit, word, NULL, 0, args, err)
                                         : kl_law_open(&law, word, err);
    if (!status) add_law(refs, fit ? kl_fit_get_law(fit) : law, args);
    if (fit) add_methods(refs, fit);
    kl_fit_free(fit);
    kl_law_free(law);
    return status;
}

static kl_status answer(kl_args *args, kl_text *out, const references *refs,
                        kl_error *err)
{
    json_t *list = args->format == KL_FORMAT_JSON ? json_array() : NULL;
    if (args->format == KL_FORMAT_CSV) kl_text_add(out, "key,for\n");
    for (size_t i = 0; i < refs->n; i++) {
        const reference *r = &refs->list[i];
        const char *bibtex = kl_reference_get_bibtex(r->key);
        if (list) {
            json_t *one = json_object();
            kl_json_set(one, "key", kl_json_string(r->key));
            kl_json_set(one, "for", kl_json_string(r->why));
            kl_json_set(one, "bibtex", kl_json_string(bibtex));
            kl_json_append(list, one);
        } else if (args->format == KL_FORMAT_CSV) {
            kl_csv_add(out, r->key);
            kl_csv_add(out, r->why);
            kl_csv_end(out);
        } else if (kl_output_wants_text(args)) {
            const bool ended = bibtex[strlen(bibtex) - 1] == '\n';
            kl_text_addf(out, "%s%% %s\n%s%s", i ? "\n" : "", r->why, bibtex,
                         ended ? "" : "\n");
        }
    }
    if (!list) return KL_OK;
    json_t *all = kl_output_schema("cite");
    kl_json_set(all, "references", list);
    return kl_output_json(out, all, err);
}

static kl_status run(kl_args *args, kl_text *out, kl_error *err)
{
    references refs = {.n = 0};
    kl_status status = KL_OK;
    for (size_t i = 0; i < args->operands.n && !status; i++)
        status = add_operand(&refs, args->operands.items[i], args, err);
    return status ? status : answer(args, out, &refs, err);
}

static const kl_example examples[] = {
    {"kleiber cite chinchilla", "the paper of a law"},
    {"kleiber cite fit.json >> paper.bib", "the law and the methods behind a fit"},
};

const kl_verb kl_verb_cite = {
    .name = "cite",
    .summary = "print BibTeX for a law, or for a fit and its methods",
    .usage = "FIT.json|LAW...",
    .min_operands = 1,
    .max_operands = MAX_REFERENCES,
    .options = {&kl_group_format, &kl_group_output, &kl_group_general},
    .run = run,
    .reads_stdin = true,
    .examples = examples,
    .n_examples = KL_COUNT_OF(examples),
    .about =
        "A word that ends in .json is a fit, anything else a law as --law takes it. "
        "Each entry is preceded by what it stands for.",
};
