package dev.fewbit.sandbox.jailed;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.util.JavacTask;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.File;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Writer;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.FieldInstruction;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;

/**
 * Compiles programs in a jailed JVM that lives on: source in, class files out, in memory, and no class of a program is ever loaded.
 * A request is a release, two lengths in bytes, of the program and of the tests (-1 for none), and their UTF-8, one after the other;
 * an answer is a kind byte, then what {@link ProgramRunner} reads, or a message.
 *
 * <p>Where there are tests, the {@code main} that runs is theirs, by its place in the source, and the library's types that they name
 * are the library's. Assertions are compiled so that nothing at run time can switch them off.
 */
public final class CompilerWorker {
    /** The answer holds classes. */
    public static final int COMPILED = 0;
    /** The answer holds the first error. */
    public static final int REFUSED = 1;
    /** The compiler itself failed; the answer says how. This worker should not be used again. */
    public static final int SURPRISED = 2;

    /** The release that stands for the JDK's own. */
    public static final int OWN_RELEASE = 0;
    /** Where jails have the library that tests of MultiPL-E use, beside the JDK's. */
    public static final String LIBRARY = "/box/javatuples.jar";

    private static final List<String> OPTIONS = List.of("-proc:none", "-implicit:none", "-nowarn", "-Xmaxerrs", "5");

    private static final String ASSERTIONS_DISABLED = "$assertionsDisabled";

    /** What a jail needs: both programs and what they are made of. */
    public static List<Class<?>> programs() {
        return List.of(ProgramRunner.class, CompilerWorker.class, TestsScanner.class);
    }

    private final JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    private final StandardJavaFileManager platform;

    private CompilerWorker() throws IOException {
        platform = compiler.getStandardFileManager(null, Locale.ROOT, StandardCharsets.UTF_8);
        platform.setLocation(StandardLocation.CLASS_PATH, List.of(new File(LIBRARY)));
        platform.setLocation(StandardLocation.SOURCE_PATH, List.of());
    }

    /** Serves until its input ends; takes no arguments. */
    public static void main(String[] arguments) throws IOException {
        DataInputStream in = new DataInputStream(new FileInputStream(FileDescriptor.in));
        DataOutputStream out = new DataOutputStream(new BufferedOutputStream(new FileOutputStream(FileDescriptor.out)));
        CompilerWorker worker = new CompilerWorker();
        while (true) {
            int release;
            try {
                release = in.readInt();
            } catch (EOFException e) {
                return;
            }
            int length = in.readInt();
            int testsLength = in.readInt();
            worker.answer(in, release, length, testsLength, out);
            out.flush();
        }
    }

    private void answer(DataInputStream in, int release, int programLength, int testsLength, DataOutputStream out)
            throws IOException {
        try {
            String program = new String(read(in, programLength), StandardCharsets.UTF_8);
            if (testsLength < 0) {
                compile(program, release, Integer.MAX_VALUE, out);
            } else {
                String tests = new String(read(in, testsLength), StandardCharsets.UTF_8);
                // Tests that bring no main are part of a program whose own one runs.
                int begin = tests.contains("main") ? program.length() + 1 : Integer.MAX_VALUE;
                compile(program + "\n" + tests, release, begin, out);
            }
        } catch (StackOverflowError | OutOfMemoryError | AssertionError | LinkageError | RuntimeException e) {
            // Sources that make javac run out of stack or memory are known; what it throws otherwise is its own bug.
            text(out, SURPRISED, "the compiler failed: " + e);
        }
    }

    private static byte[] read(DataInputStream in, int length) throws IOException {
        byte[] bytes = new byte[length];
        in.readFully(bytes);
        return bytes;
    }

    private void compile(String source, int release, int testsBegin, DataOutputStream out) throws IOException {
        DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
        Outputs outputs = new Outputs(platform);
        List<String> options = new ArrayList<>(OPTIONS);
        if (release != OWN_RELEASE) {
            options.addAll(List.of("--release", Integer.toString(release)));
        }
        JavacTask task = (JavacTask)
                compiler.getTask(Nowhere.INSTANCE, outputs, diagnostics, options, null, List.of(new Source(source)));
        List<CompilationUnitTree> units = new ArrayList<>();
        task.parse().forEach(units::add);
        task.analyze();
        if (failed(diagnostics)) {
            text(out, REFUSED, firstError(diagnostics));
            return;
        }
        TestsScanner tests = new TestsScanner(task, testsBegin);
        units.forEach(unit -> tests.scan(unit, null));
        if (tests.refusal() != null) {
            text(out, REFUSED, tests.refusal());
            return;
        }
        task.generate();
        if (failed(diagnostics)) {
            text(out, REFUSED, firstError(diagnostics));
            return;
        }
        List<byte[]> classes = new ArrayList<>();
        for (ByteArrayOutputStream compiled : outputs.classes.values()) {
            classes.add(withAssertions(compiled.toByteArray()));
        }
        out.writeByte(COMPILED);
        out.writeUTF(tests.mainClass());
        out.writeInt(classes.size());
        int i = 0;
        for (String name : outputs.classes.keySet()) {
            out.writeUTF(name);
            out.writeInt(classes.get(i).length);
            out.write(classes.get(i++));
        }
    }

    /** Whether assertions are on is a field, which a program can set before its tests run: reading it gives false here. */
    private static byte[] withAssertions(byte[] bytes) {
        if (!new String(bytes, StandardCharsets.ISO_8859_1).contains(ASSERTIONS_DISABLED)) {
            return bytes;
        }
        ClassFile format = ClassFile.of();
        return format.transformClass(
                format.parse(bytes), ClassTransform.transformingMethodBodies((builder, element) -> {
                    if (element instanceof FieldInstruction field
                            && field.opcode() == Opcode.GETSTATIC
                            && field.name().equalsString(ASSERTIONS_DISABLED)) {
                        builder.iconst_0();
                    } else {
                        builder.with(element);
                    }
                }));
    }

    private static void text(DataOutputStream out, int kind, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeByte(kind);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static boolean failed(DiagnosticCollector<JavaFileObject> diagnostics) {
        return diagnostics.getDiagnostics().stream().anyMatch(d -> d.getKind() == Diagnostic.Kind.ERROR);
    }

    private static String firstError(DiagnosticCollector<JavaFileObject> diagnostics) {
        for (Diagnostic<? extends JavaFileObject> diagnostic : diagnostics.getDiagnostics()) {
            if (diagnostic.getKind() == Diagnostic.Kind.ERROR) {
                return "line " + diagnostic.getLineNumber() + ": "
                        + diagnostic.getMessage(Locale.ROOT).replaceAll("\\s+", " ");
            }
        }
        return "the compiler refused it without a reason";
    }

    private static final class Nowhere extends Writer {
        static final Nowhere INSTANCE = new Nowhere();

        @Override
        public void write(char[] buffer, int offset, int length) {}

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(String text) {
            super(URI.create("string:///Problem.java"), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }

        /** A public class may have any name: programs come without their file's. */
        @Override
        public boolean isNameCompatible(String simpleName, Kind kind) {
            return kind == Kind.SOURCE;
        }
    }

    private static final class Outputs extends ForwardingJavaFileManager<StandardJavaFileManager> {
        private final Map<String, ByteArrayOutputStream> classes = new LinkedHashMap<>();

        Outputs(StandardJavaFileManager platform) {
            super(platform);
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                JavaFileManager.Location location, String name, JavaFileObject.Kind kind, FileObject sibling) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            classes.put(name, bytes);
            return new SimpleJavaFileObject(URI.create("memory:///" + name.replace('.', '/') + ".class"), kind) {
                @Override
                public OutputStream openOutputStream() {
                    return bytes;
                }
            };
        }

        @Override
        public void close() {
            // The platform's files are shared by all requests.
        }
    }
}
