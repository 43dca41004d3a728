/*
 * Preloaded into the trusted half of a two-process judge: makes it undumpable before its first line runs, so that the
 * program, which has the same uid, can neither read its memory nor open its descriptors through /proc.
 */
#include <sys/prctl.h>

__attribute__((constructor)) static void seal(void) {
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}
