/*
 * The jail's helper, one static binary with two faces.
 *
 *   sbinit launch -o STATUS -b FILTER [-r REPORT] [-u UID] [-g CGROUP.PROCS]... [-B FROM:TO]... -- bwrap ...
 *     outside: joins the control groups, opens the private descriptors, leaves root, becomes bubblewrap.
 *   sbinit init -w WALL_MS -t CPU_MS -m BYTES -a AS -f FSIZE -n NOFILE -p NPROC -S TMP_BYTES -I TMP_INODES [-r] -- program ...
 *     inside, as PID 1 of the jail: gives up every privilege, starts the program under its limits, watches the tree,
 *     kills what is left of it and writes what happened to descriptor 7, which no program can reach.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { STATUS_FD = 7, REPORT_FD = 8, FILTER_FD = 9, POLL_MS = 20, REAPED_AT_ONCE = 256 };

static void die(const char *what) {
    dprintf(STATUS_FD, "fault=%s: %s\n", what, strerror(errno));
    dprintf(2, "sbinit: %s: %s\n", what, strerror(errno));
    _exit(125);
}

static void open_as(const char *path, int flags, int fd) {
    int opened = open(path, flags | O_CLOEXEC, 0600);
    if (opened < 0 || dup2(opened, fd) < 0) die(path);
    if (opened != fd) close(opened);
}

static void write_file(const char *path, const char *text) {
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0 || write(fd, text, strlen(text)) < 0) die(path);
    close(fd);
}

/* A tree that the jail's user cannot reach by its path is shown to bubblewrap at another one, in a mount namespace of our own. */
static void stage(char *from_to) {
    static int unshared;
    if (!unshared++ && (unshare(CLONE_NEWNS) || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL))) die("mount namespace");
    char *to = strchr(from_to, ':');
    if (!to) die("-B needs FROM:TO");
    *to++ = 0;
    if (mount(from_to, to, NULL, MS_BIND | MS_REC, NULL)) die(from_to);
}

static int launch(int argc, char **argv) {
    unsigned long uid = 0;
    for (int option; (option = getopt(argc, argv, "+o:b:r:u:g:B:")) != -1;) {
        switch (option) {
        case 'o': open_as(optarg, O_WRONLY | O_CREAT | O_TRUNC, STATUS_FD); break;
        case 'r': open_as(optarg, O_WRONLY | O_CREAT | O_TRUNC, REPORT_FD); break;
        case 'b': open_as(optarg, O_RDONLY, FILTER_FD); break;
        case 'u': uid = strtoul(optarg, NULL, 10); break;
        case 'g': write_file(optarg, "0"); break;
        case 'B': stage(optarg); break;
        default: die("launch: unknown option");
        }
    }
    if (optind >= argc) die("launch: no command");
    umask(022);
    if (chdir("/")) die("/");
    if (uid && (setgroups(0, NULL) || setresgid(uid, uid, uid) || setresuid(uid, uid, uid))) die("leaving root");
    if (geteuid() == 0) die("a jail is never built as root");
    char *empty[] = {NULL};
    execve(argv[optind], argv + optind, empty);
    die(argv[optind]);
    return 125;
}

struct tree { long long cpu_us, bytes; };

static long long micros(struct timeval t) { return t.tv_sec * 1000000LL + t.tv_usec; }

static long long mounted_bytes(const char *path) {
    struct statfs s;
    return statfs(path, &s) ? 0 : (long long)(s.f_blocks - s.f_bfree) * s.f_bsize;
}

static int read_small(int proc, const char *pid, const char *name, char *buffer, size_t size) {
    char path[64];
    snprintf(path, sizeof path, "%s/%s", pid, name);
    int fd = openat(proc, path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return 0;
    ssize_t n = read(fd, buffer, size - 1);
    close(fd);
    buffer[n > 0 ? n : 0] = 0;
    return n > 0;
}

/* CPU time of the living and of the reaped, and private memory of the living with what the file systems in memory hold. */
static struct tree measure(void) {
    static long tick_us, page;
    if (!page) page = sysconf(_SC_PAGESIZE), tick_us = 1000000 / sysconf(_SC_CLK_TCK);
    struct rusage reaped;
    getrusage(RUSAGE_CHILDREN, &reaped);
    struct tree t = {micros(reaped.ru_utime) + micros(reaped.ru_stime), mounted_bytes("/tmp") + mounted_bytes("/dev/shm")};
    DIR *proc = opendir("/proc");
    if (!proc) return t;
    for (struct dirent *e; (e = readdir(proc));) {
        char text[1024];
        if (!isdigit((unsigned char)e->d_name[0]) || !strcmp(e->d_name, "1")) continue;
        if (read_small(dirfd(proc), e->d_name, "stat", text, sizeof text)) {
            char *end = strrchr(text, ')');
            unsigned long long u, s;
            long long cu, cs;
            if (end && sscanf(end + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %llu %llu %lld %lld", &u, &s, &cu, &cs) == 4)
                t.cpu_us += (long long)(u + s + cu + cs) * tick_us;
        }
        long long size, resident, shared;
        if (read_small(dirfd(proc), e->d_name, "statm", text, sizeof text)
            && sscanf(text, "%lld %lld %lld", &size, &resident, &shared) == 3) t.bytes += (resident - shared) * page;
    }
    closedir(proc);
    return t;
}

static void limit(int resource, unsigned long long value) {
    struct rlimit r = {value, value};
    if (value && setrlimit(resource, &r)) die("setrlimit");
}

static void give_up_privileges(void) {
    for (int cap = 0; cap < 64; cap++)
        if (prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) && errno != EINVAL) die("bounding set");
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct none[2] = {{0, 0, 0}, {0, 0, 0}};
    if (syscall(SYS_capset, &header, none)) die("capset");
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)) die("no_new_privs");
    /* The program has our uid: without this it could read our memory and descriptors, and forge the status. */
    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)) die("dumpable");
}

static long long now_us(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000LL + t.tv_nsec / 1000;
}

static int init(int argc, char **argv) {
    unsigned long long wall = 0, cpu = 0, memory = 0, as = 0, fsize = 0, nofile = 0, nproc = 0, tmp = 0, inodes = 0;
    int keep_report = 0;
    for (int option; (option = getopt(argc, argv, "+w:t:m:a:f:n:p:S:I:r")) != -1;) {
        unsigned long long value = optarg ? strtoull(optarg, NULL, 10) : 0;
        switch (option) {
        case 'w': wall = value; break;
        case 't': cpu = value; break;
        case 'm': memory = value; break;
        case 'a': as = value; break;
        case 'f': fsize = value; break;
        case 'n': nofile = value; break;
        case 'p': nproc = value; break;
        case 'S': tmp = value; break;
        case 'I': inodes = value; break;
        case 'r': keep_report = 1; break;
        default: die("init: unknown option");
        }
    }
    if (optind >= argc) die("init: no program");
    if (getpid() != 1) die("init: not PID 1 of a jail");
    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    char options[96];
    snprintf(options, sizeof options, "size=%llu,nr_inodes=%llu,mode=1777", tmp, inodes);
    if (mount("tmpfs", "/tmp", "tmpfs", MS_NOSUID | MS_NODEV, options) || chdir("/tmp")) die("/tmp");
    /* bubblewrap limits its bytes, not its inodes, which cost kernel memory too. */
    if (mount("tmpfs", "/dev/shm", "tmpfs", MS_NOSUID | MS_NODEV, "size=16m,nr_inodes=1024,mode=1777")) die("/dev/shm");
    write_file("/proc/sys/user/max_user_namespaces", "0");
    static struct sock_filter code[4096];
    ssize_t length = read(FILTER_FD, code, sizeof code);
    if (length <= 0 || length % sizeof code[0]) die("seccomp filter");
    struct sock_fprog filter = {length / sizeof code[0], code};
    give_up_privileges();

    sigset_t all, child_signal;
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, NULL);
    sigemptyset(&child_signal);
    sigaddset(&child_signal, SIGCHLD);
    int started[2];
    if (pipe2(started, O_CLOEXEC)) die("pipe");
    pid_t program = fork();
    if (program < 0) die("fork");
    if (program == 0) {
        setsid();
        prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
        write_file("/proc/self/oom_score_adj", "1000"); /* if memory runs out, the program goes, never PID 1 */
        limit(RLIMIT_AS, as);
        limit(RLIMIT_FSIZE, fsize);
        limit(RLIMIT_NOFILE, nofile);
        limit(RLIMIT_NPROC, nproc);
        limit(RLIMIT_CPU, cpu ? cpu / 1000 + 2 : 0);
        limit(RLIMIT_STACK, 8 << 20);
        limit(RLIMIT_MEMLOCK, 64 << 10);
        struct rlimit nothing = {0, 0};
        setrlimit(RLIMIT_CORE, &nothing);
        setrlimit(RLIMIT_MSGQUEUE, &nothing);
        signal(SIGPIPE, SIG_DFL);
        sigprocmask(SIG_UNBLOCK, &all, NULL);
        dup3(started[1], FILTER_FD, O_CLOEXEC);
        syscall(SYS_close_range, 3, keep_report ? STATUS_FD : REPORT_FD, 0);
        syscall(SYS_close_range, FILTER_FD + 1, ~0U, 0);
        if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter, 0, 0) == 0) execv(argv[optind], argv + optind);
        int error = errno;
        (void)!write(FILTER_FD, &error, sizeof error);
        _exit(126);
    }
    close(started[1]);
    close(FILTER_FD);
    close(REPORT_FD);
    close(0);
    close(1);
    int error;
    if (read(started[0], &error, sizeof error) == sizeof error) {
        errno = error;
        die(argv[optind]);
    }
    close(started[0]);

    long long begin = now_us(), peak = 0, spent = 0;
    const char *stop = "none";
    int status = 0, ended = 0;
    while (!ended) {
        struct timespec pause = {0, POLL_MS * 1000000L};
        sigtimedwait(&child_signal, NULL, &pause);
        /* Orphans may end as fast as they are reaped: the limits are looked at in between. */
        for (int s, pid, n = 0; n < REAPED_AT_ONCE && (pid = waitpid(-1, &s, WNOHANG)) > 0; n++)
            if (pid == program) ended = 1, status = s;
        if (ended) break;
        struct tree tree = measure();
        if (tree.bytes > peak) peak = tree.bytes;
        if (tree.cpu_us > spent) spent = tree.cpu_us;
        if (memory && tree.bytes > (long long)memory) stop = "memory";
        else if (cpu && spent > (long long)cpu * 1000) stop = "cpu";
        else if (wall && now_us() - begin > (long long)wall * 1000) stop = "wall";
        else continue;
        break;
    }
    long long wall_us = now_us() - begin;
    int strays = 0;
    kill(-1, SIGKILL);
    for (int s, pid; (pid = waitpid(-1, &s, 0)) > 0;) {
        if (pid == program) status = s;
        else strays++;
    }
    struct rusage used;
    getrusage(RUSAGE_CHILDREN, &used);
    long long cpu_us = micros(used.ru_utime) + micros(used.ru_stime);
    if (cpu_us < spent) cpu_us = spent;
    if (used.ru_maxrss * 1024LL > peak) peak = used.ru_maxrss * 1024LL;
    dprintf(STATUS_FD, "exit=%d\nsignal=%d\nstop=%s\nwall_us=%lld\ncpu_us=%lld\npeak=%lld\nstrays=%d\n",
            WIFEXITED(status) ? WEXITSTATUS(status) : -1, WIFSIGNALED(status) ? WTERMSIG(status) : 0, stop,
            wall_us, cpu_us, peak, strays);
    return 0;
}

int main(int argc, char **argv) {
    if (argc > 1 && !strcmp(argv[1], "launch")) return launch(argc - 1, argv + 1);
    if (argc > 1 && !strcmp(argv[1], "init")) return init(argc - 1, argv + 1);
    dprintf(2, "sbinit: launch or init\n");
    return 2;
}
