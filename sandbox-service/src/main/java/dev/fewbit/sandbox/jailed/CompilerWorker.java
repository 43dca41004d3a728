package dev.fewbit.sandbox.jailed;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Writer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
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
 * A request is a length and UTF-8; an answer is a kind byte, then classes as {@link ProgramRunner} reads them, or a message.
 */
public final class CompilerWorker {
    /** The answer holds classes. */
    public static final int COMPILED = 0;
    /** The answer holds the first error. */
    public static final int REFUSED = 1;
    /** The compiler itself failed; the answer says how. This worker should not be used again. */
    public static final int SURPRISED = 2;

    private static final List<String> OPTIONS = List.of("-proc:none", "-implicit:none", "-nowarn", "-Xmaxerrs", "5");

    private final JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    private final StandardJavaFileManager platform;

    private CompilerWorker() throws IOException {
        platform = compiler.getStandardFileManager(null, Locale.ROOT, StandardCharsets.UTF_8);
        platform.setLocation(StandardLocation.CLASS_PATH, List.of());
        platform.setLocation(StandardLocation.SOURCE_PATH, List.of());
    }

    /** Serves until its input ends; takes no arguments. */
    public static void main(String[] arguments) throws IOException {
        DataInputStream in = new DataInputStream(new FileInputStream(FileDescriptor.in));
        DataOutputStream out = new DataOutputStream(new BufferedOutputStream(new FileOutputStream(FileDescriptor.out)));
        CompilerWorker worker = new CompilerWorker();
        while (true) {
            byte[] source;
            try {
                source = new byte[in.readInt()];
            } catch (EOFException e) {
                return;
            }
            in.readFully(source);
            worker.answer(new String(source, StandardCharsets.UTF_8), out);
            out.flush();
        }
    }

    private void answer(String source, DataOutputStream out) throws IOException {
        DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
        Outputs outputs = new Outputs(platform);
        try {
            Source unit = new Source(source);
            if (compiler.getTask(Nowhere.INSTANCE, outputs, diagnostics, OPTIONS, null, List.of(unit))
                    .call()) {
                out.writeByte(COMPILED);
                out.writeInt(outputs.classes.size());
                for (Map.Entry<String, ByteArrayOutputStream> compiled : outputs.classes.entrySet()) {
                    out.writeUTF(compiled.getKey());
                    out.writeInt(compiled.getValue().size());
                    compiled.getValue().writeTo(out);
                }
            } else {
                text(out, REFUSED, firstError(diagnostics));
            }
        } catch (StackOverflowError | OutOfMemoryError | RuntimeException e) {
            // Sources that make javac run out of stack or memory are known; what it throws otherwise is its own bug.
            text(out, SURPRISED, "the compiler failed: " + e);
        }
    }

    private static void text(DataOutputStream out, int kind, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeByte(kind);
        out.writeInt(bytes.length);
        out.write(bytes);
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
