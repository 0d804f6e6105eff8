/* fuzz_law.c - law files are refused, or read and written back to the same text. */
#include <kleiber/law.h>

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The text of a law that was accepted must be accepted again and be a fixed point. */
static void check_round_trip(const kl_law *law)
{
    char *once = NULL, *twice = NULL;
    kl_law *again = NULL, *copy = NULL;
    if (kl_law_to_yaml(&once, law, NULL)) abort();
    if (strlen(once) <= 1 << 20) { /* escapes may make it longer than a file may be */
        if (kl_law_parse(&again, once, strlen(once), "written", NULL)) abort();
        if (kl_law_copy(&copy, again, NULL)) abort();
        if (kl_law_to_yaml(&twice, copy, NULL)) abort();
        if (strcmp(once, twice)) abort();
    }
    free(once);
    free(twice);
    kl_law_free(again);
    kl_law_free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    kl_law *law;
    kl_error err = {0};
    const kl_status status = kl_law_parse(&law, (const char *)data, size, "law", &err);
    if ((status == KL_OK) != (law != NULL)) abort();
    if (status && (err.code != status || !*err.msg)) abort();
    if (law) check_round_trip(law);
    kl_law_free(law);
    return 0;
}
