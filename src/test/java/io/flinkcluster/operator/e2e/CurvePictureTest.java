package io.flinkcluster.operator.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkcluster.operator.e2e.LoadCurve.Mark;
import io.flinkcluster.operator.e2e.LoadCurve.Sample;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;

class CurvePictureTest {
  private static Document parsed(String svg) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void whatWaitedAndHowManyThereWereAreLinesOverTheTime() throws Exception {
    String svg =
        CurvePicture.of(
            List.of(new Sample(0, 150, 0, 1, false), new Sample(60, 150, 2000, 3, false)),
            List.of(new Mark(60, "150/s come in")));
    var lines = parsed(svg).getElementsByTagName("polyline");
    assertThat(lines.getLength()).isEqualTo(2);
    // 2,000 of at most 2,000 are the top of the panel above, 3 of at most 4 three quarters below.
    assertThat(lines.item(0).getAttributes().getNamedItem("points").getNodeValue())
        .isEqualTo("70.0,280.0 840.0,90.0");
    assertThat(lines.item(1).getAttributes().getNamedItem("points").getNodeValue())
        .isEqualTo("70.0,387.5 840.0,387.5 840.0,342.5");
    assertThat(svg).contains(">150/s come in<", ">2000<");
  }

  @Test
  void aRunWithoutSamplesIsAnEmptyFrame() throws Exception {
    assertThat(
            parsed(CurvePicture.of(List.of(), List.of())).getElementsByTagName("rect").getLength())
        .isEqualTo(1);
  }
}
