package dev.fewbit.launcher.supervisor;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Command lines of child JVMs: this JVM's own JDK, the serial collector, a bounded heap. */
public final class JavaCommand {
    /** Only the first compiler: for processes whose start counts for more than their arithmetic. */
    public static final List<String> QUICK_START = List.of("-XX:TieredStopAtLevel=1");

    private static final List<String> COMMON = List.of(
            "-XX:+UseSerialGC",
            "-XX:-UsePerfData",
            "-XX:+ExitOnOutOfMemoryError",
            "-Xshare:auto",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow");

    private JavaCommand() {}

    /**
     * A JVM that runs {@code main}.
     *
     * @param heap its largest heap, such as {@code 256m}
     * @param options further options of the JVM
     */
    public static List<String> of(
            String heap, List<String> options, String classPath, String main, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(COMMON);
        command.add("-Xmx" + heap);
        command.addAll(options);
        command.addAll(List.of("-cp", classPath, main));
        command.addAll(List.of(arguments));
        return command;
    }
}
