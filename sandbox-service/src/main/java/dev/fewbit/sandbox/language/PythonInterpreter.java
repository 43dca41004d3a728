package dev.fewbit.sandbox.language;

import dev.fewbit.sandbox.isolation.Mount;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The CPython that programs get: the system's, else the first {@code python3} of the path, wherever it lives.
 *
 * @param executable its real path
 * @param toolchain name and version
 * @param sitePackages where installed modules lie
 * @param mounts what a jail must see beside {@code /usr}
 */
record PythonInterpreter(Path executable, Toolchain toolchain, List<String> sitePackages, List<Mount> mounts) {
    private static final Path USR = Path.of("/usr");
    private static final long PROBE_SECONDS = 20;
    private static final String PROBE = """
            import platform, site, sys
            print(platform.python_implementation())
            print(platform.python_version())
            print(sys.executable)
            print(sys.base_prefix)
            for path in site.getsitepackages(): print(path)
            """;

    private static final String COMPILE =
            "import py_compile, sys; py_compile.compile(sys.argv[1], cfile=sys.argv[2], dfile='judge.py', doraise=True)";

    /** @throws ToolchainMissingException when no interpreter from 3.8 on answers */
    static PythonInterpreter find(String path) throws ToolchainMissingException {
        List<Path> candidates = new ArrayList<>(List.of(Path.of("/usr/bin/python3")));
        for (String directory : path.split(":")) {
            candidates.add(Path.of(directory, "python3"));
        }
        String last = "there is none in /usr/bin or " + path;
        for (Path candidate : candidates) {
            if (Files.isExecutable(candidate)) {
                try {
                    return probe(candidate, path);
                } catch (IOException e) {
                    last = candidate + ": " + e.getMessage();
                }
            }
        }
        throw new ToolchainMissingException("python3 from 3.8 on is needed to run Python programs; " + last
                + "; on Debian: apt-get install python3");
    }

    /** Compiles a source of ours. */
    void compile(Path source, Path target) throws IOException {
        answer(executable, "/usr/bin", COMPILE, source.toString(), target.toString());
    }

    private static List<String> answer(Path python, String path, String script, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(python.toString(), "-B", "-c", script));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().clear();
        builder.environment().put("PATH", path);
        builder.environment().put("HOME", System.getProperty("user.home"));
        Process process = builder.redirectErrorStream(true).start();
        process.getOutputStream().close();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        List<String> lines = text.lines().toList();
        try {
            if (!process.waitFor(PROBE_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new IOException("it does not answer: " + (lines.isEmpty() ? "" : lines.getLast()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while it answered", e);
        }
        return lines;
    }

    private static PythonInterpreter probe(Path candidate, String path) throws IOException {
        List<String> lines = answer(candidate, path, PROBE);
        if (lines.size() < 4) {
            throw new IOException("it answers only " + lines);
        }
        String version = lines.get(1);
        if (!version.matches("3\\.([89]|\\d\\d)\\..*")) {
            throw new IOException("version " + version + " is not supported");
        }
        Path executable = Path.of(lines.get(2)).toRealPath();
        Path prefix = Path.of(lines.get(3)).toRealPath();
        List<Mount> mounts = new ArrayList<>();
        if (!prefix.startsWith(USR)) {
            mounts.add(new Mount(prefix, prefix.toString()));
        }
        if (!executable.startsWith(USR) && !executable.startsWith(prefix)) {
            throw new IOException("its executable " + executable + " lies outside its prefix " + prefix);
        }
        return new PythonInterpreter(
                executable, new Toolchain(lines.get(0), version), lines.subList(4, lines.size()), mounts);
    }
}
