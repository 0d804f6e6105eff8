/* test_base.c - statuses, numbers, text, random streams, arena, parallel loop. */
#include "support/check.h"
#include "support/scratch.h"

#include "base/arena.h"
#include "base/fail.h"
#include "base/file.h"
#include "base/number.h"
#include "base/parallel.h"
#include "base/random.h"
#include "base/text.h"

#include <sys/stat.h>
#include <unistd.h>

static void numbers_as_people_write_them(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double value;
    } good[] = {{"70B", 70e9},  {"1.4T", 1.4e12}, {"6e23", 6e23}, {" -2.5 ", -2.5},
                {".5", .5},     {"3.", 3},        {"1e3k", 1e6},  {"125M", 125e6},
                {"1e-3", 1e-3}, {"7G", 7e9},      {"2k", 2000},   {"1.001k", 1001}};
    static const char *const bad[] = {"",    "n/a", "1.2.3", "70BB", "0x10", "1e",
                                      "--1", "7 B", "e5",    "1,5",  "nan"};
    double v;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_true(kl_number_parse(good[i].text, strlen(good[i].text), &v));
        check_near(good[i].text, v, good[i].value, 0); /* rounded once */
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (kl_number_parse(bad[i], strlen(bad[i]), &v))
            fail_msg("'%s' was read", bad[i]);
    char buf[32];
    check_text("billions", kl_number_format(buf, 7.302e10, 4), "73.02B");
    check_text("rounding up", kl_number_format(buf, 999999, 4), "1M");
    check_text("large", kl_number_format(buf, 5.88e23, 3), "5.88e+23");
    check_text("exact", kl_number_format_exact(buf, 0.1), "0.1");
    check_text("17 digits", kl_number_format_exact(buf, 0.1 + 0.2),
               "0.30000000000000004");
    check_text("infinite", kl_number_format_exact(buf, -HUGE_VAL), "-inf");
}

static void nearest_name_is_what_was_meant(void **state)
{
    (void)state;
    static const char *const names[] = {"log", "exp", "sqrt"};
    check_text("swap", kl_text_nearest("lgo", names, 3), "log");
    assert_null(kl_text_nearest("banana", names, 3));
    assert_null(kl_text_nearest("w", (const char *const[]){"N", "D"}, 2));
    assert_int_equal(kl_text_distance("kitten", "sitting"), 3);
}

static void utf8_is_told_from_other_bytes(void **state)
{
    (void)state;
    static const char *const good[] = {
        "", "abc", "th\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80", "\xed\x9f\xbf"};
    /* Latin-1, a cut letter, overlong forms of '/', a surrogate, above U+10FFFF */
    static const char *const bad[] = {
        "th\xe9",       "\xe2\x82",         "\xc0\xaf", "\xe0\x80\xaf",
        "\xed\xa0\x80", "\xf4\x90\x80\x80", "\x80"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_true(kl_text_is_utf8(good[i], strlen(good[i])));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(kl_text_is_utf8(bad[i], strlen(bad[i])));
}

static void sha256_of_abc(void **state)
{
    (void)state;
    char hex[65];
    kl_hash h;
    kl_hash_begin(&h);
    kl_hash_add(&h, "a", 1);
    kl_hash_add(&h, "bc", 2);
    kl_hash_end(&h, hex); /* FIPS 180-2, appendix B.1 */
    check_text("abc", hex,
               "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

static void random_streams_are_uniform_and_differ(void **state)
{
    (void)state;
    kl_random a = kl_random_new(1, 0), b = kl_random_new(1, 1);
    assert_true(kl_random_u64(&a) != kl_random_u64(&b));
    double mean = 0, square = 0;
    enum { N = 100000 };
    for (int i = 0; i < N; i++) {
        const double z = kl_random_normal(&a);
        mean += z / N;
        square += z * z / N;
    }
    check_near("normal mean", mean, 0, 5 / sqrt(N)); /* five standard errors */
    check_near("normal variance", square, 1, 5 * sqrt(2. / N));
}

static void add_one(void *ctx, size_t i, int thread)
{
    (void)thread;
    ((int *)ctx)[i]++;
}

static void parallel_loop_visits_each_task_once(void **state)
{
    (void)state;
    int counts[1000] = {0};
    kl_parallel_for(1000, 7, add_one, counts);
    for (int i = 0; i < 1000; i++) assert_int_equal(counts[i], 1);
}

static void arena_memory_is_zeroed_and_aligned(void **state)
{
    (void)state;
    kl_arena a = {0};
    for (size_t n = 1; n < 100000; n = n * 3 + 1) {
        double *x = kl_arena_doubles(&a, n);
        assert_non_null(x);
        assert_int_equal((uintptr_t)x % 64, 0);
        for (size_t i = 0; i < n; i++) check_near("zero", x[i], 0, 0);
    }
    assert_null(kl_arena_array(&a, SIZE_MAX / 2, 8));
    kl_arena_free(&a);
}

static void message_is_one_line(void **state)
{
    (void)state;
    kl_error err;
    assert_int_equal(kl_fail(&err, KL_E_PARSE, "a\nb%d", 1), KL_E_PARSE);
    check_text("message", err.msg, "a b1");
    assert_int_equal(kl_status_exit_code(KL_E_CANCELLED), 130);
    assert_int_equal(kl_fail(NULL, KL_E_IO, "x"), KL_E_IO);
}

static void files_keep_their_mode_and_links(void **state)
{
    (void)state;
    const char *file = test_scratch_text("file", "a");
    const char *link = test_scratch_path("link");
    kl_error err = {0};
    struct stat info;
    char *data;
    size_t n;
    assert_int_equal(chmod(file, 0600), 0);
    assert_int_equal(symlink(file, link), 0);
    check_ok("through the link", kl_file_write(link, "bc", 2, &err), err);
    assert_int_equal(lstat(link, &info), 0);
    assert_true(S_ISLNK(info.st_mode));
    assert_int_equal(stat(file, &info), 0);
    assert_int_equal(info.st_mode & 07777, 0600);
    check_ok("read", kl_file_read(&data, &n, file, 10, &err), err);
    check_text("content", data, "bc");
    free(data);
    check_ok("check", kl_file_check(file, &err), err);
    check_fails("folder", kl_file_check(test_scratch_path(""), &err), KL_E_IO);
    check_fails("no folder", kl_file_check(test_scratch_path("no/file"), &err),
                KL_E_IO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_as_people_write_them),
        cmocka_unit_test(nearest_name_is_what_was_meant),
        cmocka_unit_test(utf8_is_told_from_other_bytes),
        cmocka_unit_test(files_keep_their_mode_and_links),
        cmocka_unit_test(sha256_of_abc),
        cmocka_unit_test(random_streams_are_uniform_and_differ),
        cmocka_unit_test(parallel_loop_visits_each_task_once),
        cmocka_unit_test(arena_memory_is_zeroed_and_aligned),
        cmocka_unit_test(message_is_one_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
