package ai.j1msky.common.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import ai.j1msky.common.registry.FoldedRegistry;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/// What the style guide forbids in `common`.
class ArchitectureTest {

    private static final String ROOT = "ai.j1msky.common";
    private static final JavaClasses COMMON =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages(ROOT);

    @Test
    void packagesAreFreeOfCycles() {
        slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(COMMON);
    }

    @Test
    void commonNeedsNoFramework() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.springframework..",
                        "io.lettuce..",
                        "redis..",
                        "dev.langchain4j..",
                        "reactor..",
                        "io.netty..",
                        "jakarta..")
                .check(COMMON);
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".process..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.micrometer..")
                .check(COMMON);
    }

    @Test
    void theLifeOfAnAgentIsPure() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + ".agent..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache.kafka..", "java.io..", "java.net..", "org.slf4j..")
                .orShould()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .check(COMMON);
    }

    @Test
    void namesSayWhatAClassIs() {
        noClasses()
                .should()
                .haveNameMatching(
                        ".*\\.(Abstract|Base|Common)[A-Z][^.]*|.*(Impl|Manager|Helper|Utils?|DTO)")
                .check(COMMON);
    }

    @Test
    void classesAreNotMadeToBeInherited() {
        ArchRule rule =
                classes()
                        .that()
                        .areNotInterfaces()
                        .and()
                        .areNotEnums()
                        .and()
                        .arePublic()
                        .should()
                        .haveModifier(JavaModifier.FINAL);
        rule.check(COMMON);
        noClasses()
                .that()
                .areNotInterfaces()
                .and()
                .areNotEnums()
                .should()
                .haveModifier(JavaModifier.ABSTRACT)
                .check(COMMON);
    }

    @Test
    void nothingStaticChanges() {
        fields().that().areStatic().should().beFinal().check(COMMON);
    }

    @Test
    void optionalIsOnlyAnAnswer() {
        // A registry's change without an entry is a deletion: there the absence is the message.
        fields().that()
                .areNotDeclaredIn(FoldedRegistry.Change.class)
                .should()
                .notHaveRawType(Optional.class)
                .check(COMMON);
        noMethods()
                .should()
                .haveRawParameterTypes(
                        DescribedPredicate.describe(
                                "an Optional among them",
                                (List<JavaClass> types) ->
                                        types.stream()
                                                .anyMatch(t -> t.isEquivalentTo(Optional.class))))
                .check(COMMON);
    }

    @Test
    void everyPackageSaysItsPurposeAndIsNullMarked() {
        // When
        List<String> unmarked =
                COMMON.getPackage(ROOT).getSubpackagesInTree().stream()
                        .filter(subpackage -> !subpackage.getClasses().isEmpty())
                        .filter(subpackage -> !subpackage.isAnnotatedWith(NullMarked.class))
                        .map(JavaPackage::getName)
                        .toList();

        // Then
        assertThat(unmarked).isEmpty();
    }

    @Test
    void aPackageHoldsOneFeature() {
        assertThat(COMMON.getPackage(ROOT).getSubpackages())
                .extracting(JavaPackage::getRelativeName)
                .doesNotContainAnyElementsOf(
                        Set.of("service", "impl", "dto", "util", "model", "helper"));
    }
}
