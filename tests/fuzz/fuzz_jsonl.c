/* fuzz_jsonl.c - JSON lines from any bytes. */
#include "fuzz/fuzz_table.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    kl_table_options opt = kl_table_options_default();
    const char *path = fuzz_file(data, size);
    opt.format = "jsonl";
    opt.max_rows = 1000;
    fuzz_read(path, &opt);
    opt.na = "-,n/a,1";
    opt.max_line_bytes = 1024;
    fuzz_read(path, &opt);
    return 0;
}
