/* test_law_bad.c - malformed law files: each refused at the right place. */
#include "support/check.h"

#include "base/text.h"
#include "law/yaml.h"

#include <kleiber/law.h>

#include <stdio.h>

/* A good file, of which each case replaces one line (counted from 1). */
static const char *const good[] = {
    "name: t",
    "title: T",
    "formula: \"E + A/N^a\"",
    "target: {name: loss, unit: nats per token}",
    "inputs:",
    "  N: {unit: parameters}",
    "parameters:",
    "  E: {range: [0, inf], scale: log, start: [0.3, 3]}",
    "  A: {range: [0, inf], scale: log, start: [1, 1e6], grid_ln: [0, 5]}",
    "  a: {range: [0, 2], scale: linear, start: [0.1, 1], grid: [0, 1]}",
    "published:",
    "  - {source: me2020, values: {E: 1, A: 2, a: 0.5}}",
};

enum { N_LINES = sizeof good / sizeof *good };

static char *replace(int line, const char *with)
{
    kl_text t = {0};
    for (int i = 1; i <= N_LINES; i++)
        kl_text_addf(&t, "%s\n", i == line ? with : good[i - 1]);
    return kl_text_take(&t);
}

struct bad {
    int line;            /* to be replaced ... */
    const char *with;    /* ... by this */
    const char *message; /* how the message must begin */
};

/* clang-format off */
static const struct bad bads[] = {
    /* keys */
    {2, "titel: T", "t:2:1: unknown key 'titel' in a law; did you mean 'title'?"},
    {2, "paramters: {}",
        "t:2:1: unknown key 'paramters' in a law; did you mean 'parameters'?"},
    {2, "zebra: 1", "t:2:1: unknown key 'zebra' in a law"},
    {2, "name: u", "t:2:1: key 'name' appears twice"},
    {6, "  N: {unit: parameters, unit: tokens}", "t:6:25: key 'unit' appears twice"},
    {6, "  N: {units: parameters}",
        "t:6:7: unknown key 'units' in an input; did you mean 'unit'?"},
    {4, "target: {nam: loss}",
        "t:4:10: unknown key 'nam' in target; did you mean 'name'?"},
    {8, "  E: {rnage: [0, 1]}",
        "t:8:7: unknown key 'rnage' in a parameter; did you mean 'range'?"},
    {12, "  - {sourc: me}",
        "t:12:6: unknown key 'sourc' in a published fit; did you mean 'source'?"},
    {1, "title: T2", "t:2:1: key 'title' appears twice"},
    {1, "about: x", "t:1:1: key 'name' is missing"},
    {3, "about: x", "t:1:1: key 'formula' is missing"},
    {2, "[a]: b", "t:2:1: a key must be a plain text"},
    /* texts and words */
    {1, "name: two words", "t:1:7: 'name' is 'two words', not letters"},
    {1, "name: [a]", "t:1:7: 'name' must be a text"},
    {1, "name: ''", "t:1:7: 'name' is empty"},
    {2, "title:", "t:2:7: 'title' is empty"},
    {2, "title: \"a\\0b\"", "t:2:8: a zero byte in a text"},
    {2, "reference: a b", "t:2:12: 'reference' is 'a b'"},
    {2, "residual: cubic", "t:2:11: 'residual' is 'cubic', not 'log' or 'linear'"},
    /* formula */
    {3, "formula: \"E + A/N^a + lgo(N)\"",
        "t:3:23: unknown function 'lgo'; did you mean 'log'?"},
    {3, "formula: E + A/N^a + lgo(N)", "t:3:22: unknown function 'lgo'"},
    {3, "formula: \"E + \\x41/N^a + lgo(N)\"", "t:3:10: formula:1:"},
    {3, "formula: |\n  E + A/N^a +\n  lgo(N)",
        "t:3:10: formula:2:1: unknown function 'lgo'"},
    {3, "formula: \"E + A/N^\"", "t:3:19: "},
    {3, "formula: [E]", "t:3:10: 'formula' must be a text"},
    {3, "formula: \"E + A/N^a < 3\"", "t:3:10: a law can't be a comparison"},
    {3, "formula: \"E + A/N^alpha\"",
        "t:10:3: parameter 'a' does not occur in the formula"},
    {3, "formula: \"E + A/N^a + Aa\"",
        "t:3:10: 'Aa' in the formula is neither an input nor a parameter"},
    {3, "formula: \"E + A*a\"", "t:6:3: input 'N' does not occur in the formula"},
    {3, "formula: \"loss + E + A/N^a\"",
        "t:4:9: the target 'loss' occurs in its own formula"},
    {2, "cost: \"6*N*D\"", "t:2:7: 'D' in the cost is not an input"},
    {2, "cost: \"6*N*\"", "t:2:1"},
    /* target and inputs */
    {4, "target: loss", "t:4:9: target must be 'key: value' pairs"},
    {4, "target: {unit: furlongs}", "t:4:16: unknown unit 'furlongs'"},
    {6, "  N: {unit: nats per banana}", "t:6:13: unknown unit 'nats per banana'"},
    {6, "  N: parameters", "t:6:6: an input must be 'key: value' pairs"},
    {6, "  - N", "t:6:3: inputs must be 'NAME: {...}' pairs"},
    {6, "  N: {}\n  A: {}", "t:10:3: 'A' is both an input and a parameter"},
    /* parameters */
    {8, "  E: {scale: cubic}", "t:8:14: 'scale' is 'cubic', not 'linear' or 'log'"},
    {8, "  E:", "t:8:5: a parameter must be 'key: value' pairs"},
    {8, "  E: {range: 3}", "t:8:14: 'range' must be [LOW, HIGH]"},
    {8, "  E: {range: [0]}", "t:8:14: 'range' must be [LOW, HIGH]"},
    {8, "  E: {range: [0, 1, 2]}", "t:8:14: 'range' must be [LOW, HIGH]"},
    {8, "  E: {range: [3, 1]}", "t:8:14: 'range': 3 is not less than 1"},
    {8, "  E: {range: [1, 1]}", "t:8:14: 'range': 1 is not less than 1"},
    {8, "  E: {range: [0, nan]}", "t:8:18: 'nan' is not a number"},
    {8, "  E: {range: [zero, 1]}", "t:8:15: 'zero' is not a number"},
    {8, "  E: {range: [[0], 1]}", "t:8:15: a number is expected here"},
    {8, "  E: {range: [-1, 1], scale: log}",
        "t:8:14: range of 'E' goes below 0, but its scale is log"},
    {8, "  E: {start: [1, inf]}", "t:8:18: 'inf' is not a finite number"},
    {8, "  E: {start: [2, 1]}", "t:8:14: 'start': 2 is not less than 1"},
    {8, "  E: {start: [0, 1]}",
        "t:8:14: start of 'E' must be above 0: its scale is log"},
    {8, "  E: {range: [0, 1], start: [0.5, 2]}",
        "t:8:29: start of 'E' is not within its range"},
    {8, "  E: {range: [1e7, 1e8]}",
        "t:8:3: parameter 'E' needs 'start: [LOW, HIGH]' for its range"},
    {9, "  A: {grid: []}", "t:9:13: 'grid' must have 1 to 1000 values"},
    {9, "  A: {grid: 3}", "t:9:13: 'grid' must be a list"},
    {9, "  A: {grid: [1, x]}", "t:9:17: 'x' is not a number"},
    {9, "  A: {grid: [1, -1]}", "t:9:17: -1 is outside the range of 'A'"},
    {9, "  A: {grid_ln: [1, 1000]}", "t:9:20: 1000 is outside the range of 'A'"},
    {9, "  A: {grid: [1], grid_ln: [1]}", "t:9:18: both 'grid' and 'grid_ln' for 'A'"},
    {10, "  a: {index: corpus}", "t:10:14: the formula does not say 'a[corpus]'"},
    {10, "  a: {unit: lightyears}", "t:10:13: unknown unit 'lightyears'"},
    {7, "parameters: [E]", "t:"},
    {10, "  a: {}\n  b: {}", "t:11:3: parameter 'b' does not occur in the formula"},
    /* published */
    {12, "  source: me", "t:12:3: 'published' must be a list"},
    {12, "  - me", "t:12:5: a published fit must be 'key: value' pairs"},
    {12, "  - {values: {E: 1}}", "t:12:5: a published fit needs 'source'"},
    {12, "  - {source: me}", "t:12:5: a published fit needs 'values'"},
    {12, "  - {source: me, values: {}}",
        "t:12:26: values must be 'PARAMETER: number' pairs"},
    {12, "  - {source: me, values: {F: 1}}", "t:12:27: 'F' is not a parameter"},
    {12, "  - {source: me, values: {E: one}}", "t:12:30: 'one' is not a number"},
    {12, "  - {source: me, values: {E: inf}}", "t:12:30: 'inf' is not a finite number"},
    {12, "  - {source: me, values: {a: 3}}", "t:12:30: 3 is outside the range of 'a'"},
    {12, "  - {source: a@b, values: {a: 1}}",
        "t:12:14: 'source' is 'a@b', not letters"},
    {12, "  - {source: me, values: {a: 1}}\n  - {source: me, values: {a: 2}}",
         "t:13:5: a second fit 'me': give each its own label"},
    /* YAML */
    {2, "title: &x T", "t:2:8: anchors and tags"},
    {2, "title: !!str T", "t:2:8: anchors and tags"},
    {2, "title: *x", "t:2:8: aliases ('*') are not part of law files"},
    {2, "title: {a: [}", "t:2:13: "},
    {2, "title: 'T", "t:"},
    {2, "\ttitle: T", "t:2:1: "},
    {2, "title: T\n---\nname: u", "t:3:1: "},
    {12, "  - {source: [[[[[[[[[[[[[[[[[[[[x]]]]]]]]]]]]]]]]]]]]}",
        "t:12:27: nested too deeply"},
    {1, "just a text", "t:"},
};
/* clang-format on */

/* False, and both sides printed, unless the text is refused with this message. */
static bool is_refused(const char *yaml, size_t n, const char *message)
{
    kl_law *law = (kl_law *)&law;
    kl_error err = {0};
    const kl_status status = kl_law_parse(&law, yaml, n, "t", &err);
    assert_null(law);
    assert_int_equal(err.code, status);
    char place[64] = "t:";
    if (err.line) snprintf(place, sizeof place, "t:%ld:%ld: ", err.line, err.column);
    if ((status == KL_E_PARSE || status == KL_E_UNIT) &&
        !strncmp(err.msg, message, strlen(message)) &&
        !strncmp(err.msg, place, strlen(place)))
        return true;
    print_error("'%s', not\n'%s'\n", err.msg, message);
    return false;
}

static void check_bad(const char *label, const char *yaml, size_t n,
                      const char *message)
{
    if (!is_refused(yaml, n, message)) fail_msg("%s", label);
}

static void test_good_file_is_good(void **state)
{
    (void)state;
    char *yaml = replace(0, NULL);
    kl_law *law;
    kl_error err = {0};
    check_ok("good", kl_law_parse(&law, yaml, strlen(yaml), "t", &err), err);
    assert_int_equal(kl_law_get_n_parameters(law), 3);
    kl_law_free(law);
    free(yaml);
}

static void test_bad_files(void **state)
{
    (void)state;
    int n_wrong = 0;
    for (size_t i = 0; i < sizeof bads / sizeof *bads; i++) {
        char *yaml = replace(bads[i].line, bads[i].with);
        n_wrong += !is_refused(yaml, strlen(yaml), bads[i].message);
        free(yaml);
    }
    assert_int_equal(n_wrong, 0);
}

static void test_files_that_are_no_yaml(void **state)
{
    (void)state;
    check_bad("empty", "", 0, "t: the file is empty");
    check_bad("comment", "# x\n", 4, "t: the file is empty");
    check_bad("binary", "\x7f\x45LF\x02\x01", 6, "t: byte 1: control characters");
    check_bad("not UTF-8", "name: \xff\xfe\x80", 9, "t: byte 7: ");
    check_bad("list", "[1, 2]", 6, "t:1:1: a law must be 'key: value' pairs");
    check_bad("scalar", "x", 1, "t:1:1: a law must be 'key: value' pairs");
}

static void test_limits(void **state)
{
    (void)state;
    char *big = malloc(KL_YAML_MAX_BYTES + 1);
    assert_non_null(big);
    memset(big, '#', KL_YAML_MAX_BYTES + 1);
    check_bad("size", big, KL_YAML_MAX_BYTES + 1, "t: longer than 1048576 bytes");
    check_bad("one long comment", big, KL_YAML_MAX_BYTES, "t: the file is empty");
    free(big);
    kl_text many = {0};
    kl_text_add(&many, "a: [");
    for (int i = 0; i <= KL_YAML_MAX_NODES; i++) kl_text_add(&many, "1,");
    kl_text_add(&many, "]");
    check_bad("count", many.data, many.length, "t:1:16383: too many keys and values");
    kl_text_free(&many);
    kl_text deep = {0};
    for (int i = 0; i < 100000; i++) kl_text_add(&deep, "[");
    check_bad("depth", deep.data, deep.length, "t:1:");
    kl_text_free(&deep);
}

static void test_what_may_be_left_out(void **state)
{
    (void)state;
    const char yaml[] =
        "name: t\nformula: E + A/N^a\ninputs: {N: {}}\n"
        "parameters: {E: {}, A: {scale: linear}, a: {range: [0.5, 1]}}\n";
    kl_law *law;
    kl_error err = {0};
    check_ok("short", kl_law_parse(&law, yaml, strlen(yaml), "t", &err), err);
    check_text("target", kl_law_get_target(law)->name, "loss");
    assert_int_equal(kl_law_get_residual(law), KL_RESIDUAL_LOG);
    const kl_law_parameter *E = kl_law_get_parameter(law, 0);
    assert_int_equal(E->scale, KL_SCALE_LOG);
    check_near("E", E->start_hi, 1e6, 0);
    const kl_law_parameter *A = kl_law_get_parameter(law, 1);
    assert_int_equal(A->scale, KL_SCALE_LINEAR);
    check_near("A", A->start_lo, 0, 0);
    const kl_law_parameter *a = kl_law_get_parameter(law, 2);
    check_near("a", a->start_lo, 0.5, 0);
    check_near("a", a->start_hi, 1, 0);
    kl_law_free(law);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good_file_is_good),      cmocka_unit_test(test_bad_files),
        cmocka_unit_test(test_files_that_are_no_yaml), cmocka_unit_test(test_limits),
        cmocka_unit_test(test_what_may_be_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
