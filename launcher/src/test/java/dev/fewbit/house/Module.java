package dev.fewbit.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The modules of the house, as they lie on disk. */
enum Module {
    CONTRACTS("contracts", "dev.fewbit.contracts"),
    OBJECT_STORE("object-store", "dev.fewbit.objectstore"),
    YAML_RECORDS("yaml-records", "dev.fewbit.yaml"),
    BENCHMARK_SUITE("benchmark-suite", "dev.fewbit.benchmark"),
    MODEL_RUNTIME("model-runtime", "dev.fewbit.model"),
    GENERATION("generation", "dev.fewbit.generation"),
    QUANTIZER("quantizer-service", "dev.fewbit.quantizer"),
    EVALUATOR("evaluator-service", "dev.fewbit.evaluator"),
    SANDBOX("sandbox-service", "dev.fewbit.sandbox"),
    GATEWAY("gateway", "dev.fewbit.gateway"),
    LAUNCHER("launcher", "dev.fewbit.launcher");

    static final List<Module> SERVICES = List.of(GATEWAY, QUANTIZER, EVALUATOR, SANDBOX);

    private static final Map<Module, JavaClasses> IMPORTED = new ConcurrentHashMap<>();

    private final String folder;
    private final String basePackage;

    Module(String folder, String basePackage) {
        this.folder = folder;
        this.basePackage = basePackage;
    }

    static Path root() {
        return Path.of(System.getProperty("fewbit.root", "..")).toAbsolutePath().normalize();
    }

    static Module ofFolder(String folder) {
        return Arrays.stream(values())
                .filter(module -> module.folder.equals(folder))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no module is called " + folder));
    }

    String folder() {
        return folder;
    }

    String basePackage() {
        return basePackage;
    }

    Path sources() {
        return root().resolve(folder).resolve("src/main/java");
    }

    /** Its main classes, imported once; an unbuilt module fails, since every rule would hold of nothing. */
    JavaClasses classes() {
        JavaClasses classes =
                new ClassFileImporter().importPath(root().resolve(folder).resolve("target/classes"));
        assertThat(classes)
                .as("classes of %s; build the whole project first", folder)
                .isNotEmpty();
        return classes;
    }
}
