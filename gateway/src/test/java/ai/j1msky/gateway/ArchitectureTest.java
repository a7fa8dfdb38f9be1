package ai.j1msky.gateway;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitCallTarget;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Set;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Configuration;

/// The rules of the style guide that a machine can check.
class ArchitectureTest {

    private static final String ROOT = "ai.j1msky.gateway";

    /// What runs on an event loop.
    private static final String[] REQUEST_PACKAGES = {
        ROOT + ".spawn..",
        ROOT + ".agent..",
        ROOT + ".apikey..",
        ROOT + ".address..",
        ROOT + ".keyadmin..",
        ROOT + ".money..",
        ROOT + ".signing..",
        ROOT + ".auditlog..",
        ROOT + ".ledger..",
        ROOT + ".reading..",
        ROOT + ".admission..",
        ROOT + ".request..",
        ROOT + ".problem.."
    };

    private static JavaClasses gateway;

    @BeforeAll
    static void read() {
        gateway =
                new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .importPackages(ROOT);
    }

    @Test
    void packagesAreFeaturesWithoutCycles() {
        slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(gateway);
    }

    @Test
    void noFeatureKnowsHowTheGatewayIsPutTogether() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ROOT)
                .check(gateway);
    }

    @Test
    void nothingBlocksOnARequestPath() {
        noClasses()
                .that(resideInAnyPackage(REQUEST_PACKAGES))
                .should()
                .callMethodWhere(
                        calls("blocks", Publisher.class, "block", "blockOptional", "blockFirst"))
                .orShould()
                .callMethodWhere(calls("blocks", Publisher.class, "blockLast", "toStream"))
                .orShould()
                .callMethodWhere(calls("waits", Future.class, "get", "join", "resultNow"))
                .orShould()
                .callMethodWhere(calls("sleeps", Thread.class, "sleep", "join"))
                .orShould()
                .callMethodWhere(calls("waits", Object.class, "wait"))
                .check(gateway);
    }

    @Test
    void nothingIsSubscribedOnARequestPath() {
        noClasses()
                .that(resideInAnyPackage(REQUEST_PACKAGES))
                .should()
                .callMethodWhere(calls("subscribes", Publisher.class, "subscribe"))
                .check(gateway);
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
                .check(gateway);
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
                .check(gateway);
    }

    @Test
    void nothingIsInjectedIntoFields() {
        noFields()
                .should()
                .beAnnotatedWith(Autowired.class)
                .orShould()
                .beAnnotatedWith(Value.class)
                .check(gateway);
    }

    @Test
    void staticStateDoesNotChange() {
        fields().that().areStatic().should().beFinal().check(gateway);
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
                .check(gateway);
        noClasses()
                .that()
                .areNotInterfaces()
                .should()
                .haveModifier(JavaModifier.ABSTRACT)
                .check(gateway);
    }

    private static DescribedPredicate<JavaCall<?>> calls(
            String what, Class<?> owner, String... names) {
        Set<String> methods = Set.of(names);
        DescribedPredicate<JavaClass> owners = assignableTo(owner);
        return describe(
                what,
                call -> {
                    CodeUnitCallTarget target = call.getTarget();
                    return methods.contains(target.getName()) && owners.test(target.getOwner());
                });
    }
}
