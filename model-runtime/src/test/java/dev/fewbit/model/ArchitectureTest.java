package dev.fewbit.model;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.fewbit.model", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule SHOULD_KNOW_NO_FRAMEWORK = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.quarkus..", "jakarta..", "org.eclipse.microprofile..", "io.smallrye..");

    @ArchTest
    static final ArchRule SHOULD_KNOW_NO_SERVICE = noClasses()
            .should()
            .dependOnClassesThat(resideInAPackage("dev.fewbit..").and(resideOutsideOfPackage("dev.fewbit.model..")));

    @ArchTest
    static final ArchRule SHOULD_ONLY_TOUCH_PROTOCOL_BUFFERS_WHERE_MODELS_ARE_WRITTEN_OR_LOADED = noClasses()
            .that()
            .resideOutsideOfPackages(
                    "dev.fewbit.model.onnx",
                    "dev.fewbit.model.session",
                    "dev.fewbit.model.resident",
                    "dev.fewbit.model.fused")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("ai.onnx.proto..", "ai.onnxruntime..");
}
