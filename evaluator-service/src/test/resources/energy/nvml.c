/* A GPU that uses 250 W, for tests of the binding: the functions and layouts of nvml.h that Fewbit calls. */
#include <string.h>
typedef struct { int unused; } device;
typedef struct { unsigned long long total, free, used; } memory;
static device only;
static unsigned long long energy = 5000;
int nvmlInit_v2(void) { return 0; }
int nvmlShutdown(void) { return 0; }
int nvmlDeviceGetHandleByIndex_v2(unsigned index, device **handle) {
    if (index > 0) return 2;
    *handle = &only;
    return 0;
}
int nvmlDeviceGetName(device *handle, char *name, unsigned length) {
    if (handle != &only || length < 96) return 7;
    strcpy(name, "Test GPU");
    return 0;
}
int nvmlDeviceGetTotalEnergyConsumption(device *handle, unsigned long long *millijoules) {
    if (handle != &only) return 2;
#ifdef OLD
    return 3;
#else
    *millijoules = energy += 1500;
    return 0;
#endif
}
int nvmlDeviceGetPowerUsage(device *handle, unsigned *milliwatts) {
    if (handle != &only) return 2;
#ifdef MUTE
    return 3;
#else
    *milliwatts = 250000;
    return 0;
#endif
}
int nvmlDeviceGetMemoryInfo(device *handle, memory *info) {
    if (handle != &only) return 2;
#ifdef FORGETS
    return 15;
#endif
    info->total = 80ULL << 30; info->free = 77ULL << 30; info->used = 3ULL << 30;
    return 0;
}
