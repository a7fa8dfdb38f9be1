package ai.j1msky.worker;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Configuration;

/// The rules of the style guide that a machine can check.
class ArchitectureTest {

    private static final String ROOT = "ai.j1msky.worker";

    private static JavaClasses worker;

    @BeforeAll
    static void read() {
        worker =
                new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .importPackages(ROOT);
    }

    @Test
    void packagesAreFeaturesWithoutCycles() {
        slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(worker);
    }

    @Test
    void noFeatureKnowsHowTheWorkerIsPutTogether() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ROOT)
                .check(worker);
    }

    @Test
    void namesSayWhatAThingIs() {
        classes()
                .should()
                .haveSimpleNameNotEndingWith("Impl")
                .andShould()
                .haveSimpleNameNotEndingWith("Manager")
                .andShould()
                .haveSimpleNameNotEndingWith("Helper")
                .andShould()
                .haveSimpleNameNotEndingWith("Utils")
                .andShould()
                .haveSimpleNameNotEndingWith("Util")
                .andShould()
                .haveSimpleNameNotStartingWith("Abstract")
                .andShould()
                .haveSimpleNameNotStartingWith("Base")
                .andShould()
                .haveSimpleNameNotStartingWith("Common")
                .andShould()
                .haveSimpleNameNotStartingWith("Default")
                .check(worker);
    }

    @Test
    void packagesAreNotNamedAfterLayers() {
        noClasses()
                .should()
                .resideInAnyPackage(
                        "..service..",
                        "..impl..",
                        "..dto..",
                        "..util..",
                        "..controller..",
                        "..repository..")
                .check(worker);
    }

    @Test
    void nothingIsInjectedIntoFields() {
        noFields()
                .should()
                .beAnnotatedWith(Autowired.class)
                .orShould()
                .beAnnotatedWith(Value.class)
                .check(worker);
    }

    @Test
    void publicClassesAreFinalAndNothingInheritsForReuse() {
        classes()
                .that()
                .arePublic()
                .and()
                .areNotInterfaces()
                .and()
                .areNotEnums()
                .and()
                .areNotAnnotatedWith(Configuration.class)
                // Spring derives from the application class.
                .and()
                .areNotAnnotatedWith(SpringBootApplication.class)
                .should()
                .haveModifier(JavaModifier.FINAL)
                .check(worker);
        noClasses()
                .that()
                .areNotInterfaces()
                .should()
                .haveModifier(JavaModifier.ABSTRACT)
                .check(worker);
    }
}
