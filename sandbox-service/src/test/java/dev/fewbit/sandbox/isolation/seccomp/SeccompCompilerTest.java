package dev.fewbit.sandbox.isolation.seccomp;

import static dev.fewbit.sandbox.isolation.seccomp.FilterInterpreter.ALLOW;
import static dev.fewbit.sandbox.isolation.seccomp.FilterInterpreter.KILL;
import static dev.fewbit.sandbox.isolation.seccomp.FilterInterpreter.errno;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers of calls, errors and architectures are those of the kernel's uapi headers. */
class SeccompCompilerTest {
    private static final int X86_64 = 0xC000003E;
    private static final int AARCH64 = 0xC00000B7;
    private static final int I386 = 0x40000003;
    private static final int EPERM = 1;
    private static final int ENOSYS = 38;
    private static final int EAFNOSUPPORT = 97;

    private final FilterInterpreter x86 =
            new FilterInterpreter(SeccompCompiler.compile(SeccompPolicy.standard(), Architecture.X86_64));
    private final FilterInterpreter arm =
            new FilterInterpreter(SeccompCompiler.compile(SeccompPolicy.standard(), Architecture.AARCH64));

    @ParameterizedTest
    @CsvSource({"read,0,63", "write,1,64", "mmap,9,222", "execve,59,221", "exit_group,231,94", "getrandom,318,278"})
    void shouldAllowWhenACallIsOrdinary(String name, int onX86, int onArm) {
        assertThat(x86.run(X86_64, onX86)).as(name).isEqualTo(ALLOW);
        assertThat(arm.run(AARCH64, onArm)).as(name).isEqualTo(ALLOW);
    }

    @ParameterizedTest
    @CsvSource({
        "mount,165,40",
        "unshare,272,97",
        "setns,308,268",
        "pivot_root,155,41",
        "chroot,161,51",
        "ptrace,101,117",
        "process_vm_readv,310,270",
        "bpf,321,280",
        "keyctl,250,219",
        "shmget,29,194",
        "mq_open,240,180",
        "init_module,175,105",
        "clock_settime,227,112",
        "reboot,169,142",
        "pidfd_getfd,438,438",
        "unknown,1000,1000"
    })
    void shouldRefuseWhenACallIsNotListed(String name, int onX86, int onArm) {
        assertThat(x86.run(X86_64, onX86)).as(name).isEqualTo(errno(EPERM));
        assertThat(arm.run(AARCH64, onArm)).as(name).isEqualTo(errno(EPERM));
    }

    @ParameterizedTest
    @CsvSource({"clone3,435", "memfd_create,319", "userfaultfd,323", "io_uring_setup,425"})
    void shouldSayNotImplementedWhenLibrariesFallBackOnIt(String name, int number) {
        assertThat(x86.run(X86_64, number)).as(name).isEqualTo(errno(ENOSYS));
    }

    /** sync, setpriority, sched_setparam, sched_setscheduler, sched_setaffinity, io_setup, ioprio_set, syncfs, sched_setattr */
    @ParameterizedTest
    @ValueSource(ints = {162, 141, 142, 144, 203, 206, 251, 306, 314})
    void shouldRefuseWhenACallReachesBeyondItsOwnJail(int number) {
        assertThat(x86.run(X86_64, number, 1)).isEqualTo(errno(EPERM));
    }

    @Test
    void shouldKillWhenTheCallIsOfAnotherArchitecture() {
        assertThat(x86.run(I386, 1)).isEqualTo(KILL);
        assertThat(x86.run(AARCH64, 63)).isEqualTo(KILL);
        assertThat(x86.run(X86_64, 0x40000000)).as("read of x32").isEqualTo(KILL);
        assertThat(arm.run(X86_64, 0)).isEqualTo(KILL);
    }

    @ParameterizedTest
    @ValueSource(
            longs = {0x00020000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000, 0x10000011})
    void shouldRefuseCloneWhenItAsksForANamespace(long flags) {
        assertThat(x86.run(X86_64, 56, flags)).isEqualTo(errno(EPERM));
        assertThat(arm.run(AARCH64, 220, flags)).isEqualTo(errno(EPERM));
    }

    @Test
    void shouldAllowCloneWhenItMakesAThreadOrAProcess() {
        assertThat(x86.run(X86_64, 56, 0x003d0f00)).isEqualTo(ALLOW);
        assertThat(x86.run(X86_64, 56, 0x01200011)).isEqualTo(ALLOW);
    }

    @Test
    void shouldLookAtTheArgumentWhenARuleSaysSo() {
        // socket: AF_UNIX, AF_INET, AF_INET6, but neither AF_NETLINK nor AF_VSOCK
        assertThat(List.of(1L, 2L, 10L)).allMatch(family -> x86.run(X86_64, 41, family) == ALLOW);
        assertThat(List.of(16L, 40L, 0L)).allMatch(family -> x86.run(X86_64, 41, family) == errno(EAFNOSUPPORT));
        // ioctl: TCGETS, but neither TIOCSTI nor TIOCLINUX
        assertThat(x86.run(X86_64, 16, 0, 0x5401)).isEqualTo(ALLOW);
        assertThat(x86.run(X86_64, 16, 0, 0x5412)).isEqualTo(errno(EPERM));
        assertThat(x86.run(X86_64, 16, 0, 0x541c)).isEqualTo(errno(EPERM));
        assertThat(x86.run(X86_64, 16, 0, 0x100005412L))
                .as("the kernel reads 32 bits")
                .isEqualTo(errno(EPERM));
        // prlimit64: its own, but not PID 1's
        assertThat(x86.run(X86_64, 302, 0)).isEqualTo(ALLOW);
        assertThat(x86.run(X86_64, 302, 1)).isEqualTo(errno(EPERM));
        assertThat(arm.run(AARCH64, 261, 1)).isEqualTo(errno(EPERM));
        // personality: PER_LINUX and the query, but not ADDR_NO_RANDOMIZE
        assertThat(x86.run(X86_64, 135, 0xffffffffL)).isEqualTo(ALLOW);
        assertThat(x86.run(X86_64, 135, 0x0040000)).isEqualTo(errno(EPERM));
    }

    @ParameterizedTest
    @EnumSource(Architecture.class)
    void shouldKnowEveryNameOfThePolicyOnX86AndMostOnArm(Architecture architecture) {
        // Given
        SyscallTable table = SyscallTable.of(architecture);

        // When
        List<String> unknown = SeccompPolicy.standard().rules().stream()
                .map(SyscallRule::name)
                .filter(name -> table.number(name).isEmpty())
                .filter(name ->
                        SyscallTable.of(Architecture.X86_64).number(name).equals(OptionalInt.empty()))
                .toList();

        // Then: only calls younger than the headers the tables were made from
        assertThat(unknown).containsExactlyInAnyOrder("fchmodat2", "cachestat");
    }

    @ParameterizedTest
    @ValueSource(strings = {"permit read", "errno EWHAT read", "never ioctl 9 1", "only EPERM socket"})
    void shouldNameTheLineWhenAPolicyCannotBeRead(String line) {
        assertThatThrownBy(() -> SeccompPolicy.parse(List.of(line)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("seccomp policy: cannot read \"" + line + "\"");
    }

    @Test
    void shouldRefuseWhenACallHasTwoRules() {
        assertThatThrownBy(() -> SeccompPolicy.parse(List.of("allow read write", "errno ENOSYS read")))
                .hasMessage("seccomp policy: read has two rules");
    }
}
