package io.flinkcluster.operator.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CanonicalQuantityTest {

  /** Each as kube-apiserver 1.34 stores it, by the rules of apimachinery's Quantity. */
  @ParameterizedTest
  @CsvSource({
    "1024Mi,1Gi",
    "1.5Gi,1536Mi",
    "1Gi,1Gi",
    "512Ki,512Ki",
    "0.5Ki,512",
    "0.1Gi,107374182400m",
    "1000m,1",
    "0.5,500m",
    "500m,500m",
    "2000,2k",
    "1500,1500",
    "1000M,1G",
    "1,1",
    "01,1",
    "2048m,2048m",
    "0,0",
    "0.0001m,100n",
    "0.00000001m,1n",
    "1e3,1e3",
    "1.5e3,1500",
    "-1,-1",
    "+2,2",
    "2147483648,2147483648"
  })
  void aQuantityIsSpelledAsTheApiServerStoresIt(String given, String stored) {
    assertThat(CanonicalQuantity.of(given)).isEqualTo(stored);
    assertThat(CanonicalQuantity.of(stored)).isEqualTo(stored);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Gi", "1Gib", "1 Gi", "four", "1e", "10Ei", "9e99"})
  void whatIsNoQuantityIsLeftAsItIs(String text) {
    assertThat(CanonicalQuantity.value(text)).isEmpty();
    assertThat(CanonicalQuantity.of(text)).isEqualTo(text);
  }
}
