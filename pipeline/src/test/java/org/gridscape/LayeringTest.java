package org.gridscape;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Packages follow the data: each imports only from those before it. */
class LayeringTest {
  private static final String ROOT = "org.gridscape.";
  private static final List<String> ORDER =
      List.of(
          "noise",
          "numpy",
          "storage",
          "image",
          "pyramid",
          "dataset",
          "energy",
          "generator",
          "langevin",
          "learning",
          "distribute",
          "features",
          "metrics",
          "evaluate",
          "report",
          "config",
          "dl4j");
  private static final List<String> WITHOUT_SPARK =
      List.of(
          "noise", "numpy", "pyramid", "energy", "generator", "langevin", "learning", "metrics");
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("org.gridscape");

  @Test
  void everyPackageHasItsPlaceInTheOrder() {
    assertThat(CLASSES)
        .isNotEmpty()
        .allSatisfy(
            type ->
                assertThat(ORDER)
                    .as(type.getName())
                    .contains(type.getPackageName().substring(ROOT.length()).split("\\.", 2)[0]));
  }

  @Test
  void packagesImportOnlyFromThoseBeforeThem() {
    orderRules(ORDER).forEach(rule -> rule.check(CLASSES));
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("org.gridscape.(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void computationNeverImportsSpark() {
    WITHOUT_SPARK.forEach(name -> sparkRule(name).check(CLASSES));
  }

  /** What the rules are worth: each is broken where it must be. */
  @Test
  void rulesFindViolations() {
    List<String> wrong = new ArrayList<>(ORDER);
    Collections.swap(wrong, ORDER.indexOf("langevin"), ORDER.indexOf("learning"));
    assertThatThrownBy(() -> orderRules(wrong).forEach(rule -> rule.check(CLASSES)))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("org.gridscape.learning.CellLearner");
    assertThatThrownBy(() -> sparkRule("distribute").check(CLASSES))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("org.apache.spark.broadcast.Broadcast");
  }

  private static List<ArchRule> orderRules(List<String> order) {
    List<ArchRule> rules = new ArrayList<>();
    for (int i = 0; i + 1 < order.size(); i++) {
      String[] later =
          order.subList(i + 1, order.size()).stream()
              .map(name -> ROOT + name + "..")
              .toArray(String[]::new);
      rules.add(
          ArchRuleDefinition.noClasses()
              .that()
              .resideInAPackage(ROOT + order.get(i) + "..")
              .should()
              .dependOnClassesThat()
              .resideInAnyPackage(later)
              .allowEmptyShould(true));
    }
    return rules;
  }

  private static ArchRule sparkRule(String name) {
    return ArchRuleDefinition.noClasses()
        .that()
        .resideInAPackage(ROOT + name + "..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.apache.spark..")
        .allowEmptyShould(true);
  }
}
