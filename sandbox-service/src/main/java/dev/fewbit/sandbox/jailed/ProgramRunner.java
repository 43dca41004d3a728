package dev.fewbit.sandbox.jailed;

import java.io.DataInputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Runs one compiled program in a JVM that ends with it. Standard input holds the name of the class whose {@code main} the tests are,
 * empty where there are none, the classes (count; name, length and bytes of each) and, behind them, a nonce that is read only after {@code main} came back; the line that says what happened starts with it. A program
 * that leaves early leaves no such line.
 */
public final class ProgramRunner {
    /** Bytes of the nonce. */
    public static final int NONCE_BYTES = 16;

    /** Of the one library that programs may use beside the JDK's; they do not bring its classes. */
    private static final String LIBRARY_PACKAGE = "org.javatuples.";

    private static final String PREFERRED_MAIN_CLASS = "Problem";
    private static final int MESSAGE_LIMIT = 2000;

    private ProgramRunner() {}

    /** Takes no arguments. */
    public static void main(String[] arguments) throws IOException {
        FileInputStream input = new FileInputStream(FileDescriptor.in);
        FileOutputStream output = new FileOutputStream(FileDescriptor.out);
        PrintStream programOutput = System.out;
        DataInputStream data = new DataInputStream(input);
        String testsClass = data.readUTF();
        Loader loader = new Loader(readClasses(data));
        System.setIn(InputStream.nullInputStream());
        String finding = run(loader, testsClass);
        programOutput.flush();
        System.err.flush();
        byte[] nonce = new byte[NONCE_BYTES];
        data.readFully(nonce);
        String line = "\n" + HexFormat.of().formatHex(nonce) + " " + finding + "\n";
        output.write(line.getBytes(StandardCharsets.UTF_8));
        Runtime.getRuntime().halt(0);
    }

    private static Map<String, byte[]> readClasses(DataInputStream data) throws IOException {
        Map<String, byte[]> classes = new LinkedHashMap<>();
        int count = data.readInt();
        for (int i = 0; i < count; i++) {
            String name = data.readUTF();
            byte[] bytes = new byte[data.readInt()];
            data.readFully(bytes);
            classes.put(name, bytes);
        }
        return classes;
    }

    /** A word and the message behind it. */
    private static String run(Loader loader, String testsClass) {
        try {
            Method main = testsClass.isEmpty()
                    ? loader.mainMethod()
                    : loader.loadClass(testsClass).getDeclaredMethod("main", String[].class);
            if (main == null) {
                return "raised the program has no class with public static void main(String[])";
            }
            main.setAccessible(true);
            main.invoke(null, (Object) new String[0]);
            return "passed ";
        } catch (InvocationTargetException e) {
            return finding(e.getCause());
        } catch (ReflectiveOperationException | LinkageError e) {
            return finding(e);
        }
    }

    private static String finding(Throwable thrown) {
        String word = switch (thrown) {
            case AssertionError _ -> "assertion-failed ";
            case OutOfMemoryError _ -> "memory ";
            default -> "raised ";
        };
        return word + describe(thrown);
    }

    private static String describe(Throwable thrown) {
        Throwable cause =
                thrown instanceof ExceptionInInitializerError && thrown.getCause() != null ? thrown.getCause() : thrown;
        String text;
        try {
            text = cause.toString();
        } catch (RuntimeException | StackOverflowError e) {
            text = cause.getClass().getName(); // the program's own toString may fail too
        }
        String line = text.replaceAll("\\s+", " ");
        return line.length() > MESSAGE_LIMIT ? line.substring(0, MESSAGE_LIMIT) : line;
    }

    private static final class Loader extends ClassLoader {
        private final Map<String, byte[]> classes;

        Loader(Map<String, byte[]> classes) {
            super("program", ClassLoader.getPlatformClassLoader());
            this.classes = classes;
            setDefaultAssertionStatus(true);
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            if (name.startsWith(LIBRARY_PACKAGE)) {
                return ProgramRunner.class.getClassLoader().loadClass(name);
            }
            byte[] bytes = classes.get(name);
            if (bytes == null) {
                throw new ClassNotFoundException(name);
            }
            return defineClass(name, bytes, 0, bytes.length);
        }

        /** Of {@code Problem}, else of the first class that has one; {@code null} when none has. */
        Method mainMethod() throws ClassNotFoundException {
            Method first = null;
            for (String name : classes.keySet()) {
                for (Method method : loadClass(name).getDeclaredMethods()) {
                    boolean main = method.getName().equals("main")
                            && Modifier.isStatic(method.getModifiers())
                            && method.getParameterCount() == 1
                            && method.getParameterTypes()[0] == String[].class;
                    if (main && name.equals(PREFERRED_MAIN_CLASS)) {
                        return method;
                    }
                    if (main && first == null) {
                        first = method;
                    }
                }
            }
            return first;
        }
    }
}
