package org.gridscape.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class FirstLookNotebookTest {
  @Test
  void isCommittedWithoutOutputs() throws IOException {
    JsonNode notebook = new ObjectMapper().readTree(FirstLookNotebook.path().toFile());
    assertThat(notebook.path("nbformat").asInt()).isEqualTo(4);
    int codeCells = 0;
    for (JsonNode cell : notebook.path("cells")) {
      if (cell.path("cell_type").asText().equals("code")) {
        codeCells++;
        assertThat(cell.path("outputs").isEmpty()).as(cell.toString()).isTrue();
        assertThat(cell.path("execution_count").isNull()).as(cell.toString()).isTrue();
      }
    }
    assertThat(codeCells).isGreaterThan(5);
  }
}
