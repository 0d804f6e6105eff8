/*
 * parallel.h - one loop over independent tasks, on one or many threads. Work is cut by
 * task and never by thread, so results do not depend on how many threads there are.
 */
#ifndef KL_BASE_PARALLEL_H
#define KL_BASE_PARALLEL_H

#include <stdbool.h>
#include <stddef.h>

/** Threads to use for a request: itself if positive, else the cores available; >= 1. */
int kl_parallel_threads(int requested);

/**
 * Call task(ctx, i, thread) for i = 0 .. n-1, in any order, at most `threads` at a
 * time. `thread` < threads tells workers apart, for scratch memory. Returns when all
 * are done.
 */
void kl_parallel_for(size_t n, int threads,
                     void (*task)(void *ctx, size_t i, int thread), void *ctx);

#endif
