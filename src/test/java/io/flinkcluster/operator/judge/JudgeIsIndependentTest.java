package io.flinkcluster.operator.judge;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

/** A judge that shares code with the accused shares its errors. */
class JudgeIsIndependentTest {
  private static final String JUDGE = JudgeIsIndependentTest.class.getPackageName();

  @Test
  void knowsNothingButJson() {
    var judge = new ClassFileImporter().importPackages(JUDGE);
    assertThat(judge).hasSizeGreaterThan(30);
    classes()
        .that()
        .resideInAPackage(JUDGE)
        .and()
        .haveSimpleNameNotEndingWith("Test")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(JUDGE, "java..", "com.fasterxml.jackson..")
        .check(judge);
  }
}
