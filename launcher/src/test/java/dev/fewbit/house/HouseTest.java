package dev.fewbit.house;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The shape of the house (docs/adr/0001), checked on the class files of every module. */
class HouseTest {

    static List<Module> services() {
        return Module.SERVICES;
    }

    @ParameterizedTest
    @MethodSource("services")
    void shouldNotKnowOtherServicesWhenServiceIsBuilt(Module service) {
        // Given
        String[] others = Stream.concat(Module.SERVICES.stream(), Stream.of(Module.LAUNCHER))
                .filter(module -> module != service)
                .map(module -> module.basePackage() + "..")
                .toArray(String[]::new);
        // When // Then
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(others)
                .because("services speak through contracts alone")
                .check(service.classes());
    }

    @ParameterizedTest
    @EnumSource(names = {"GATEWAY", "SANDBOX"})
    void shouldHoldNoModelCodeWhenServiceServesNoModel(Module service) {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.fewbit.model..", "ai.onnxruntime..", "ai.djl..")
                .check(service.classes());
    }

    @Test
    void shouldKnowJavaAndAnnotationsOnlyWhenContract() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("dev.fewbit.contracts..", "java..", "com.fasterxml.jackson.annotation..")
                .check(Module.CONTRACTS.classes());
    }

    @Test
    void shouldNotKnowServicesItOnlyStartsWhenLauncher() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.fewbit.gateway..", "dev.fewbit.evaluator..")
                .because("the launcher starts them as processes")
                .check(Module.LAUNCHER.classes());
    }

    @ParameterizedTest
    @EnumSource(names = {"CONTRACTS", "OBJECT_STORE", "YAML_RECORDS", "BENCHMARK_SUITE", "MODEL_RUNTIME"})
    void shouldBeFreeOfFrameworksWhenModuleIsLibrary(Module library) {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.quarkus..", "jakarta..", "io.smallrye..", "org.eclipse.microprofile..")
                .check(library.classes());
    }

    @ParameterizedTest
    @EnumSource
    void shouldLiveInItsOwnPackageWhenClassBelongsToModule(Module module) {
        classes()
                .should()
                .resideInAnyPackage(module.basePackage(), module.basePackage() + "..")
                .check(module.classes());
    }

    @ParameterizedTest
    @EnumSource
    void shouldHaveNoCyclesWhenPackagesDependOnOneAnother(Module module) {
        slices().matching(module.basePackage() + ".(*)..")
                .should()
                .beFreeOfCycles()
                .allowEmptyShould(true)
                .check(module.classes());
    }

    @ParameterizedTest
    @EnumSource
    void shouldSayWhatItDoesWhenClassIsNamed(Module module) {
        noClasses()
                .should()
                .haveNameMatching(".*(Utils?|Helpers?|Managers?|Impl)(\\$.*)?")
                .because("such a name says nothing")
                .check(module.classes());
    }

    @ParameterizedTest
    @MethodSource("services")
    void shouldBeHandedItsPartsByConstructorWhenServiceClass(Module service) {
        fields().should()
                .notBeAnnotatedWith("jakarta.inject.Inject")
                .because("what a class needs stands in its constructor")
                .check(service.classes());
    }

    @ParameterizedTest
    @EnumSource
    void shouldNotPrintStackTracesWhenSomethingFails(Module module) {
        noClasses().should().callMethodWhere(target(name("printStackTrace"))).check(module.classes());
    }

    @ParameterizedTest
    @EnumSource
    void shouldExplainItselfWhenPackageHoldsCode(Module module) throws IOException {
        // Given
        List<Path> packages;
        try (Stream<Path> files = Files.walk(module.sources())) {
            packages = files.filter(file -> file.toString().endsWith(".java"))
                    .map(Path::getParent)
                    .distinct()
                    .toList();
        }
        // Then
        assertThat(packages)
                .isNotEmpty()
                .allSatisfy(folder -> assertThat(folder.resolve("package-info.java"))
                        .content()
                        .contains("/**"));
    }
}
