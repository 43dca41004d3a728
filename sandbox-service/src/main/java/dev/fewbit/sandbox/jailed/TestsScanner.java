package dev.fewbit.sandbox.jailed;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.lang.model.element.Element;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.util.Elements;

/**
 * Looks at the part of a compiled source that is its tests: which class's {@code main} is theirs, and whether the program declares a
 * type that they mean from the library, such as an {@code Arrays} whose lists equal everything.
 */
final class TestsScanner extends TreePathScanner<Void, Void> {
    private static final List<String> LIBRARY = List.of("java.lang.", "java.util.");

    private final Trees trees;
    private final Elements elements;
    private final int testsBegin;
    private final Set<Element> declaredByTheProgram = new HashSet<>();
    private String mainClass = "";
    private String shadowed;

    /** @param testsBegin the character they begin at, beyond the end where there are none */
    TestsScanner(JavacTask task, int testsBegin) {
        this.trees = Trees.instance(task);
        this.elements = task.getElements();
        this.testsBegin = testsBegin;
    }

    /** Binary name of the class that the tests' {@code main} is in; empty where there are no tests. */
    String mainClass() {
        return mainClass;
    }

    /** Why the program cannot be judged by its tests; {@code null} when it can. */
    String refusal() {
        if (shadowed != null) {
            return "the program declares " + shadowed + ", which its tests need from the library";
        }
        return mainClass.isEmpty() && testsBegin < Integer.MAX_VALUE
                ? "the tests have no main method of their own"
                : null;
    }

    private boolean ofTheTests(Tree tree) {
        return trees.getSourcePositions().getStartPosition(getCurrentPath().getCompilationUnit(), tree) >= testsBegin;
    }

    @Override
    public Void visitClass(ClassTree type, Void none) {
        if (!ofTheTests(type)) {
            declaredByTheProgram.add(trees.getElement(getCurrentPath()));
        }
        return super.visitClass(type, none);
    }

    @Override
    public Void visitMethod(MethodTree method, Void none) {
        boolean main = method.getName().contentEquals("main")
                && method.getParameters().size() == 1
                && method.getModifiers().getFlags().contains(Modifier.STATIC);
        if (main && mainClass.isEmpty() && ofTheTests(method)) {
            Element owner = trees.getElement(getCurrentPath()).getEnclosingElement();
            mainClass = elements.getBinaryName((TypeElement) owner).toString();
        }
        return super.visitMethod(method, none);
    }

    @Override
    public Void visitIdentifier(IdentifierTree identifier, Void none) {
        Element element = trees.getElement(getCurrentPath());
        if (declaredByTheProgram.contains(element) && ofTheTests(identifier)) {
            String name = identifier.getName().toString();
            if (LIBRARY.stream().anyMatch(from -> elements.getTypeElement(from + name) != null)) {
                shadowed = name;
            }
        }
        return super.visitIdentifier(identifier, none);
    }
}
