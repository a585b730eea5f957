/* Blocks of 2 MB, aligned to their size: nodes and the stacks of long sweeps live in them. */

#ifndef AUTOGRAD_BP_BLOCKS_H
#define AUTOGRAD_BP_BLOCKS_H

#include <Python.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#if defined(_WIN32)
#include <malloc.h>
#else
#include <sys/mman.h>
#endif

#if defined(__GNUC__)
#define MAYBE_UNUSED __attribute__((unused)) /* two files include this one, neither uses all */
#define LIKELY(condition) __builtin_expect(!!(condition), 1)
#define NEVER_INLINE MAYBE_UNUSED __attribute__((noinline))
#define ALWAYS_INLINE inline __attribute__((always_inline))
#else
#define MAYBE_UNUSED
#define LIKELY(condition) (condition)
#define NEVER_INLINE
#define ALWAYS_INLINE inline
#endif

#define BLOCK ((size_t)1 << 21)
#define KEPT_BLOCKS 32 /* empty blocks that are kept as they are, 64 MB, for the next graph */

static void **spare; /* empty blocks */
static int spare_count, spare_room;

static void *take_block(void)
{
#if defined(_WIN32)
    return spare_count ? spare[--spare_count] : _aligned_malloc(BLOCK, BLOCK);
#else
    char *p, *aligned;
    if (spare_count)
        return spare[--spare_count];
    p = (char *)mmap(NULL, 2 * BLOCK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0);
    if (p == (char *)MAP_FAILED)
        return NULL;
    aligned = (char *)(((uintptr_t)p + BLOCK - 1) & ~(uintptr_t)(BLOCK - 1));
    if (aligned > p)
        munmap(p, (size_t)(aligned - p));
    munmap(aligned + BLOCK, (size_t)(p + BLOCK - aligned));
#if defined(MADV_HUGEPAGE)
    /* One page fault in place of 512: faults are most of the cost of a large fresh graph. */
    madvise(aligned, BLOCK, MADV_HUGEPAGE);
#endif
    return aligned;
#endif
}

/* Empty blocks beyond the first few stay mapped where the system may take their pages when it
   needs them (and spares us the faults when it does not); elsewhere they are given back. */
static void give_block(void *block)
{
    int keep = spare_count < KEPT_BLOCKS;
#if defined(MADV_FREE)
    if (!keep)
        keep = madvise(block, BLOCK, MADV_FREE) == 0;
#endif
    if (keep && spare_count == spare_room) {
        int room = spare_room ? 2 * spare_room : KEPT_BLOCKS;
        void **more = (void **)PyMem_RawRealloc(spare, (size_t)room * sizeof(void *));
        if (more) {
            spare = more;
            spare_room = room;
        } else {
            keep = 0;
        }
    }
    if (keep) {
        spare[spare_count++] = block;
        return;
    }
#if defined(_WIN32)
    _aligned_free(block);
#else
    munmap(block, BLOCK);
#endif
}

#endif
