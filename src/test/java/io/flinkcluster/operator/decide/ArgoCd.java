package io.flinkcluster.operator.decide;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.luaj.vm2.Globals;
import org.luaj.vm2.LoadState;
import org.luaj.vm2.LuaTable;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.compiler.LuaC;
import org.luaj.vm2.lib.PackageLib;
import org.luaj.vm2.lib.TableLib;
import org.luaj.vm2.lib.jse.JseBaseLib;
import org.luaj.vm2.lib.jse.JseOsLib;

/** Runs Lua as Argo CD does: with the resource as {@code obj}, and with few libraries. */
final class ArgoCd {
  static final Path SCRIPTS = Path.of("gitops", "argocd");
  private static final ObjectMapper JSON = new ObjectMapper();

  private ArgoCd() {}

  /** What the script returns. */
  static JsonNode run(String script, JsonNode resource) throws IOException {
    var globals = new Globals();
    globals.load(new JseBaseLib());
    globals.load(new PackageLib());
    globals.load(new TableLib());
    globals.load(new JseOsLib());
    LoadState.install(globals);
    LuaC.install(globals);
    globals.set("obj", lua(resource));
    return json(globals.load(Files.readString(SCRIPTS.resolve(script)), script).call());
  }

  private static LuaValue lua(JsonNode node) {
    if (node.isObject()) {
      var table = new LuaTable();
      node.properties().forEach(f -> table.set(f.getKey(), lua(f.getValue())));
      return table;
    }
    if (node.isArray()) {
      var table = new LuaTable();
      for (int i = 0; i < node.size(); i++) {
        table.set(i + 1, lua(node.get(i)));
      }
      return table;
    }
    if (node.isBoolean()) {
      return LuaValue.valueOf(node.booleanValue());
    }
    return node.isNumber()
        ? LuaValue.valueOf(node.doubleValue())
        : node.isNull() ? LuaValue.NIL : LuaValue.valueOf(node.asText());
  }

  private static JsonNode json(LuaValue value) {
    if (!value.istable()) {
      return value.isboolean()
          ? JSON.getNodeFactory().booleanNode(value.toboolean())
          : value.isint()
              ? JSON.getNodeFactory().numberNode(value.toint())
              : JSON.getNodeFactory().textNode(value.tojstring());
    }
    LuaTable table = value.checktable();
    if (table.length() > 0) {
      var array = JSON.createArrayNode();
      for (int i = 1; i <= table.length(); i++) {
        array.add(json(table.get(i)));
      }
      return array;
    }
    ObjectNode object = JSON.createObjectNode();
    for (LuaValue key : table.keys()) {
      object.set(key.tojstring(), json(table.get(key)));
    }
    return object;
  }
}
