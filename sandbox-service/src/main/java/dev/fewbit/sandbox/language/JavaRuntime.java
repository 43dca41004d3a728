package dev.fewbit.sandbox.language;

import dev.fewbit.sandbox.isolation.JailFiles;
import dev.fewbit.sandbox.isolation.Mount;
import dev.fewbit.sandbox.jailed.CompilerWorker;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

/**
 * The JDK that programs get, which is the service's own, as jails see it, and our classes that run on it.
 *
 * @param java path of its launcher inside a jail
 * @param toolchain name and version
 * @param mounts what a jail must see beside {@code /usr}
 */
record JavaRuntime(String java, Toolchain toolchain, List<Mount> mounts) {
    private static final String OUR_CLASSES = "/box/jailed.jar";
    private static final String CLASS_PATH = OUR_CLASSES + ":" + CompilerWorker.LIBRARY;
    /** What every JVM in a jail gets: it lives briefly, on one core, and must not size itself by the host. */
    private static final List<String> FLAGS = List.of(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:-UsePerfData",
            "-XX:ActiveProcessorCount=1",
            "-XX:ReservedCodeCacheSize=32m",
            "-XX:+DisableAttachMechanism",
            "-Xlog:disable");

    private static final Path USR = Path.of("/usr");
    private static final String MOUNTED_HOME = "/box/jdk";

    static JavaRuntime of(JailFiles files) throws IOException, ToolchainMissingException {
        Path home = Path.of(System.getProperty("java.home")).toRealPath();
        if (!Files.isExecutable(home.resolve("bin/java")) || !Files.isReadable(home.resolve("lib/modules"))) {
            throw new ToolchainMissingException("java.home " + home + " is no JDK that programs could run on");
        }
        List<Mount> mounts = new ArrayList<>();
        String inside = home.toString();
        if (!home.startsWith(USR)) {
            inside = MOUNTED_HOME;
            mounts.add(new Mount(home, inside));
        }
        Path debianConfiguration = Path.of("/etc/java-" + Runtime.version().feature() + "-openjdk");
        if (Files.isDirectory(debianConfiguration)) {
            mounts.add(new Mount(debianConfiguration, debianConfiguration.toString()));
        }
        mounts.add(new Mount(files.add("jailed.jar", jailedClasses(), false), OUR_CLASSES));
        mounts.add(new Mount(files.extract(JavaRuntime.class, "javatuples.jar", false), CompilerWorker.LIBRARY));
        return new JavaRuntime(
                inside + "/bin/java", new Toolchain("OpenJDK", System.getProperty("java.version")), mounts);
    }

    /** A command line: the flags of every jailed JVM, more of them, one of our main classes. */
    List<String> command(Class<?> main, List<String> flags) {
        List<String> command = new ArrayList<>(List.of(java));
        command.addAll(FLAGS);
        command.addAll(flags);
        command.addAll(List.of("-cp", CLASS_PATH, main.getName()));
        return command;
    }

    private static byte[] jailedClasses() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JarOutputStream jar = new JarOutputStream(bytes)) {
            for (Class<?> main : CompilerWorker.programs()) {
                for (Class<?> member : main.getNestMembers()) {
                    add(jar, member);
                }
            }
        }
        return bytes.toByteArray();
    }

    private static void add(JarOutputStream jar, Class<?> type) throws IOException {
        String name = type.getName().replace('.', '/') + ".class";
        JarEntry entry = new JarEntry(name);
        entry.setLastModifiedTime(FileTime.fromMillis(0));
        try (InputStream in = type.getClassLoader().getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException("the class file " + name + " is missing from the build");
            }
            jar.putNextEntry(entry);
            in.transferTo(jar);
            jar.closeEntry();
        }
    }
}
